import type { Model } from "../model";
import type { ReportAt } from "./rules";

const symptoms: [symptom: RegExp, cause: string][] = [
  [/Calling \[(toString|toJSON)\] on an \[Output<T>\]/, "an output was used as text: use pulumi.interpolate"],
  [/\[object (Object|Promise)\]/, "an object was used as text"],
  // JSON is left out: definitions and policies may contain the word.
  [/^(?!\s*[{[])(.*[/:.])?undefined([/:.]|$)/, "a value was missing when the text was put together"],
];

/** Texts that only a mistake in the program produces. AWS would accept many of them. */
export function brokenValues({ resources }: Model, at: ReportAt): void {
  for (const { type, name, inputs } of resources.all) {
    for (const { path, text } of textsIn(inputs)) {
      const cause = symptoms.find(([pattern]) => pattern.test(text))?.[1];
      if (cause) at(`${type} ${name}`)("broken-value", path, text, cause);
    }
  }
}

function textsIn(value: unknown, path = ""): { path: string; text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    textsIn(child, path === "" ? key : `${path}.${key}`),
  );
}
