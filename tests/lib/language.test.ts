import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { projectRoot } from "../../lib/project-root";

/** Phrases that people had to decode. Each is one that stood in a message of this program. */
const PHRASES = [
  /(?<!\bthere )\b(is|are) no\b(?! (longer|more)\b)/i,
  /\bmends?\b/,
  /\bby itself\b/,
  /\bleads? (nowhere|to)\b/,
  /\btells? (nothing|of)\b/,
  /^Nothing[.:]/,
  /\bnobody finds\b/,
  /\bstands (in|for|at|behind)\b/,
  /\bnothing next to\b/,
  /\bvouch(es)? for\b/,
];

/** The texts in a source that can reach a user: string literals and the fixed parts of templates, imports left out. */
function textsOf(source: string): { text: string; line: number }[] {
  const file = ts.createSourceFile("file.ts", source, ts.ScriptTarget.Latest, true);
  const found: { text: string; line: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      found.push({ text: node.text, line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1 });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const unclear = (source: string) =>
  textsOf(source).filter(({ text }) => text.includes(" ") && PHRASES.some((phrase) => phrase.test(text)));

describe("the program's messages", () => {
  it("contain no phrase that has to be decoded", () => {
    const files = execFileSync("git", ["ls-files", "*.ts", ":!tests"], {
      cwd: projectRoot,
      encoding: "utf8",
    });
    const sources = files.trim().split("\n");
    assert.ok(sources.length > 200, `${sources.length} sources`);
    const found = sources.flatMap((file) =>
      unclear(readFileSync(join(projectRoot, file), "utf8")).map(
        ({ text, line }) => `${file}:${line}: ${text}`,
      ),
    );
    assert.deepEqual(found, []);
  });

  it("are found in strings and templates, not in comments or imports", () => {
    const source = `
      import x from "./is no path";
      // This is no message.
      const a = "It is no port.", b = \`The key \${a} is no longer known\`, c = \`\${b} mends it by itself\`;`;
    assert.deepEqual(
      unclear(source).map(({ text }) => text),
      ["It is no port.", " mends it by itself"],
    );
  });
});
