/**
 * Reads environment variables. What is missing or malformed is collected in `errors`, by the variable's name and
 * without its value, so that all of it can be reported at once.
 */
export function environmentReader(environment: NodeJS.ProcessEnv) {
  const errors: string[] = [];

  /** A text; without a `fallback` it must be set. */
  function text(name: string, fallback?: string): string {
    const value = environment[name]?.trim() || fallback;
    if (value === undefined) errors.push(`${name} is not set`);
    return value ?? "";
  }

  function url(name: string): string {
    const value = text(name);
    if (value && !/^https?:\/\/[^/]/.test(value)) errors.push(`${name} is not an http(s) URL`);
    return value;
  }

  /** A JSON array of strings; empty when the variable is not set. */
  function list(name: string): string[] {
    let value: unknown;
    try {
      value = JSON.parse(environment[name] ?? "[]");
    } catch {
      value = undefined;
    }
    if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
    errors.push(`${name} is not a JSON array of strings`);
    return [];
  }

  function oneOf<Value extends string>(name: string, values: [Value, Value], fallback?: Value): Value {
    const given = text(name, fallback);
    const value = values.find((one) => one === given);
    if (value === undefined && given !== "") errors.push(`${name} is neither ${values.join(" nor ")}`);
    return value ?? values[0];
  }

  return { errors, text, url, list, oneOf };
}
