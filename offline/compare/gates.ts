/** What a comparison can fail on, and the label that permits it. Only people with triage rights can set a label. */
export const GATES = {
  weakened: "weakened access",
  breaking: "breaking change",
  findings: undefined,
} as const;

export type Gate = keyof typeof GATES;

export const gates = Object.keys(GATES) as Gate[];

/** The gates that these labels leave. */
export function gatesFor(labels: string[]): Gate[] {
  return gates.filter((gate) => !labels.some((label) => label === GATES[gate]));
}
