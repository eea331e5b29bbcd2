import type { SettingsIssue, SettingsPath } from "../../lib/settings-issues";

export interface Stack {
  stack: string;
  production: boolean;
}

/** An issue for each value that is already in the list. */
export function repeated(
  values: unknown[],
  path: (i: number) => SettingsPath,
  accepted: string,
  label?: (i: number) => unknown,
): SettingsIssue[] {
  const first = new Map<unknown, number>();
  return values.flatMap((value, i) => {
    const earlier = first.get(value);
    if (value === undefined) return [];
    if (earlier === undefined) first.set(value, i);
    return earlier === undefined
      ? []
      : [
          {
            path: path(i),
            accepted: `${accepted} (${label ? `${String(label(earlier))}: ` : ""}${String(value)} is already at [${earlier}])`,
          },
        ];
  });
}
