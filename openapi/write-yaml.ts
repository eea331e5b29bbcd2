import { Document, parse, Scalar, visit } from "yaml";
import { equal } from "../lib/json";

/**
 * YAML text that every parser reads as this very value. Lines are not folded, and strings that a block scalar cannot
 * hold (eemeli/yaml#695: a blank first line) or that YAML 1.1 would read as another type are quoted.
 * @throws Error when the text, read again, is not the value
 */
export function writeYaml(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false, compat: "yaml-1.1" });
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === "string" && /^\s*[\r\n]|[\r\u0085\u2028\u2029\ufeff]/.test(node.value)) {
        node.type = Scalar.QUOTE_DOUBLE;
      }
    },
  });
  const text = document.toString({ lineWidth: 0, doubleQuotedAsJSON: true });
  const again: unknown = parse(text, { uniqueKeys: false, maxAliasCount: -1 });
  if (!equal(JSON.parse(JSON.stringify(value)), again))
    throw new Error("The YAML text is not what was written.");
  return text;
}
