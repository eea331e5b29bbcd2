import { stringify } from "yaml";
import { adopt, FindingsError, loadText } from "../../../openapi";
import { OpsError } from "../error";

/**
 * The files that an export is taken apart into: compiling `spec.yaml` with `settings.yaml` gives the gateway of the export again.
 *
 * @throws OpsError when the text is no export
 */
export function restored(text: string, name: string): Record<string, string> {
  try {
    const { spec, settings, findings, differences } = adopt(loadText(text, name));
    return {
      "export.json": text,
      "spec.yaml": stringify(spec, { lineWidth: 0 }),
      "settings.yaml": stringify(settings, { lineWidth: 0 }),
      "report.json": `${JSON.stringify({ findings, differences }, null, 2)}\n`,
    };
  } catch (error) {
    if (error instanceof FindingsError)
      throw new OpsError(`${name} is not a readable export:\n${error.message}`);
    throw error;
  }
}
