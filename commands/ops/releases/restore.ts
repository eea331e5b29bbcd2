import { UserError } from "../../../lib/error";
import { adopt, FindingsError, loadText } from "../../../openapi";
import { writeYaml } from "../../../openapi/write-yaml";

/**
 * Splits an export into files: compiling `spec.yaml` with `settings.yaml` gives the gateway of the export again.
 *
 * @throws UserError when the text is not an export
 */
export function restored(text: string, name: string): Record<string, string> {
  try {
    const { spec, settings, findings, differences } = adopt(loadText(text, name));
    return {
      "export.json": text,
      "spec.yaml": writeYaml(spec),
      "settings.yaml": writeYaml(settings),
      "report.json": `${JSON.stringify({ findings, differences }, null, 2)}\n`,
    };
  } catch (error) {
    if (error instanceof FindingsError)
      throw new UserError(`${name} is not a readable export:\n${error.message}`);
    throw error;
  }
}
