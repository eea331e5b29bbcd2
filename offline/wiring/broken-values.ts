import type { Finding } from "../../openapi";
import type { Model } from "../model";
import { broken } from ".";

const symptoms: [symptom: RegExp, meaning: string][] = [
  [/Calling \[(toString|toJSON)\] on an \[Output<T>\]/, "an output was used as text: use pulumi.interpolate"],
  [/\[object (Object|Promise)\]/, "an object was used as text"],
  // Not in JSON: definitions and policies have words of their own.
  [/^(?!\s*[{[])(.*[/:.])?undefined([/:.]|$)/, "a value was missing when the text was put together"],
];

/** Texts that only a mistake in the program can have made; AWS would take many of them. */
export function brokenValueFindings({ resources }: Model): Finding[] {
  return resources.all.flatMap(({ type, name, inputs }) =>
    textsIn(inputs).flatMap(({ path, text }) => {
      const symptom = symptoms.find(([pattern]) => pattern.test(text));
      if (!symptom) return [];
      return [broken("broken-value", `${type} ${name}`, `${path} is ${text.slice(0, 120)}: ${symptom[1]}.`)];
    }),
  );
}

function textsIn(value: unknown, path = ""): { path: string; text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    textsIn(child, path === "" ? key : `${path}.${key}`),
  );
}
