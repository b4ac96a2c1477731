// What the pages add when there is script: GOV.UK components, and the quick exit without a way back. All work without.
import { createAll, Button, CharacterCount, Checkboxes, ErrorSummary, Radios, ServiceNavigation, SkipLink } from "./govuk-frontend.min.js"

for (const component of [Button, CharacterCount, Checkboxes, ErrorSummary, Radios, ServiceNavigation, SkipLink]) {
  createAll(component)
}

const exit = document.querySelector("[data-quick-exit]")

function leave() {
  document.documentElement.classList.add("rjhub-gone")
  document.title = "…"
  // Takes this page's place in the history, so that Back does not lead here again.
  window.location.replace(exit.href)
}

if (exit) {
  let presses = 0
  let forget
  exit.addEventListener("click", (event) => {
    event.preventDefault()
    leave()
  })
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift") {
      presses = 0
      return
    }
    presses += 1
    window.clearTimeout(forget)
    forget = window.setTimeout(() => { presses = 0 }, 5000)
    if (presses === 3) leave()
  })
}
