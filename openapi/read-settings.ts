import { type Finding, FindingsError } from "../lib/finding";
import { at, isObject, type Path } from "../lib/json";
import { settingsFinding, settingsIssues, settingsJsonSchema } from "../lib/settings-issues";
import { readSource } from "./load";
import { type CompileSettings, compileSettingsSchema } from "./settings";

export interface Settings {
  settings: CompileSettings;
  /** What is wrong in the file; `settings` is then the rest of it */
  findings: Finding[];
  /** "file:line:column" of a key */
  locate: (path: Path) => string;
}

/**
 * Reads the compile part of a service's settings from a YAML or JSON file. What the schema refuses is left out of the
 * settings, so that the caller can go on and report everything at once.
 * @throws FindingsError when the file cannot be read at all
 */
export function readSettings(file: string): Settings {
  const source = readSource(file);
  const locate = (path: Path) => {
    const { line, column } = source.position(path);
    return `${source.name}:${line}:${column}`;
  };
  const value = source.value ?? {};
  const parsed = compileSettingsSchema.safeParse(value);
  if (parsed.success) return { settings: parsed.data, findings: [], locate };
  const issues = settingsIssues(parsed.error, settingsJsonSchema(compileSettingsSchema));
  const findings = issues.map((issue) =>
    settingsFinding(issue, {
      where: locate(issue.path),
      key: issue.path.join(".") || "the settings",
      value: at(value, issue.path),
    }),
  );
  const rest = compileSettingsSchema.safeParse(
    issues.reduce<unknown>((kept, { path }) => without(kept, path), value),
  );
  if (!rest.success) throw new FindingsError(findings);
  return { settings: rest.data, findings, locate };
}

function without(value: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined) return {};
  if (Array.isArray(value)) return value.filter((_, index) => index !== key);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) =>
      name !== key ? [[name, inner]] : rest.length > 0 ? [[name, without(inner, rest)]] : [],
    ),
  );
}
