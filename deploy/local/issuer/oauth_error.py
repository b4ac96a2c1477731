"""The errors of OAuth 2.0 as one exception: a code of RFC 6749, a sentence that repeats no input, an HTTP status."""


class OAuthError(Exception):
    """A request the issuer refuses; `str` is the code alone."""

    def __init__(self, code: str, sentence: str, status_code: int = 400) -> None:
        """`code` is one of RFC 6749 sections 4.1.2.1 and 5.2 or OpenID Connect Core 3.1.2.6."""
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.status_code = status_code
