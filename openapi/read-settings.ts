import { type Finding, FindingsError } from "../lib/finding";
import { at, type Path } from "../lib/json";
import { readSource } from "./load";
import { type CompileSettings, compileSettingsSchema } from "./settings";

export interface Settings {
  settings: CompileSettings;
  /** "file:line:column" of a key */
  place?: (path: Path) => string;
}

/**
 * Reads the compile part of a service's settings from a YAML or JSON file.
 * @throws FindingsError with everything that is wrong in it
 */
export function readSettings(file: string): Settings {
  const source = readSource(file);
  const place = (path: Path) => {
    const { line, column } = source.position(path);
    return `${source.name}:${line}:${column}`;
  };
  const parsed = compileSettingsSchema.safeParse(source.value ?? {});
  if (parsed.success) return { settings: parsed.data, place };
  const findings = parsed.error.issues.flatMap((issue): Finding[] => {
    const path = issue.path.filter((key) => typeof key !== "symbol");
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) =>
        invalid(place([...path, key]), `The key "${[...path, key].join(".")}" is not known.`),
      );
    }
    const value = JSON.stringify(at(source.value, path)) ?? "nothing";
    const shown = value.length > 60 ? `${value.slice(0, 57)}…` : value;
    return [invalid(place(path), `${path.join(".") || "The settings"}: found ${shown}; ${issue.message}.`)];
  });
  throw new FindingsError(findings);
}

function invalid(where: string, message: string): Finding {
  return { level: "error", rule: "invalid-settings", where, message };
}
