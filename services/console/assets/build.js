// Builds what the console serves under /assets/ into built/: one style sheet, two scripts, one icon.
import { copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { compileAsync } from "sass"

const here = dirname(fileURLToPath(import.meta.url))
const govuk = join(here, "node_modules", "govuk-frontend")
const exact = JSON.parse(await readFile(join(here, "package.json"), "utf8")).dependencies["govuk-frontend"]
const installed = JSON.parse(await readFile(join(govuk, "package.json"), "utf8")).version
if (installed !== exact) {
  console.error(`The macros match govuk-frontend ${exact}, but ${installed} is installed: run npm ci.`)
  process.exit(1)
}

const fresh = join(here, "built.new")
await rm(fresh, { recursive: true, force: true })
await mkdir(fresh)
const style = await compileAsync(join(here, "scss", "console.scss"), {
  loadPaths: [here, join(here, "node_modules")],
  style: "compressed",
  quietDeps: true,
})
for (const [word, meaning] of [["GDS Transport", "the GDS Transport typeface"], ["govuk-crest", "the crest"]]) {
  if (style.css.includes(word)) {
    console.error(`The style sheet names ${meaning}, which only gov.uk services may use.`)
    process.exit(1)
  }
}
await writeFile(join(fresh, "console.css"), style.css)
await copyFile(join(govuk, "dist", "govuk", "govuk-frontend.min.js"), join(fresh, "govuk-frontend.min.js"))
await copyFile(join(here, "console.js"), join(fresh, "console.js"))
await copyFile(join(here, "icon.svg"), join(fresh, "icon.svg"))
await rm(join(here, "built"), { recursive: true, force: true })
await rename(fresh, join(here, "built"))
console.log(`built: console.css ${Math.round(style.css.length / 1024)} kB`)
