"""Renders the local pages from templates: one layout, one style sheet, everything escaped."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

_FOLDER = Path(__file__).parent


class Pages:
    """The pages of one local process."""

    def __init__(self, templates: Path, product: str) -> None:
        """`templates` is the process's own folder; `product` is the name shown at the top of its pages."""
        self._environment = Environment(
            loader=FileSystemLoader([templates, _FOLDER / "templates"]),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["product"] = product

    def page(self, template: str, status_code: int = 200, **values: object) -> HTMLResponse:
        """One page; a value the template names and the caller forgot is an error, not an empty place."""
        return HTMLResponse(self._environment.get_template(template).render(values), status_code)

    def problem(self, status_code: int, title: str, sentence: str) -> HTMLResponse:
        """A page that says what is wrong in a sentence that repeats nothing the caller sent."""
        return self.page("problem.html", status_code, title=title, sentence=sentence)


def style_route() -> Route:
    """The one style sheet every page links to, read once."""
    style = (_FOLDER / "style.css").read_text(encoding="utf-8")

    async def stylesheet(_request: Request) -> Response:
        return Response(style, media_type="text/css", headers={"cache-control": "max-age=3600"})

    return Route("/style.css", stylesheet)
