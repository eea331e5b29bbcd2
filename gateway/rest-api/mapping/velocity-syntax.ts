/** Syntax tree of a Velocity template. Its language: Velocity Engine 1.7, "VTL reference". */
export type Node =
  | { type: "text"; text: string }
  | { type: "reference"; reference: Reference; source: string; isEscaped: boolean }
  | { type: "set"; target: Reference; value: Expression }
  | { type: "if"; branches: { condition?: Expression; body: Node[] }[] }
  | { type: "foreach"; name: string; list: Expression; body: Node[] }
  | { type: "macro"; name: string; parameters: string[]; body: Node[] }
  | { type: "define"; name: string; body: Node[] }
  | { type: "call"; name: string; args: Expression[]; source: string }
  | { type: "evaluate"; value: Expression }
  | { type: "break" }
  | { type: "stop" };

export interface Reference {
  name: string;
  path: Step[];
}

export type Step =
  | { type: "property"; name: string }
  | { type: "method"; name: string; args: Expression[] }
  | { type: "index"; index: Expression };

export type Expression =
  | { type: "literal"; value: unknown }
  | { type: "interpolated"; body: Node[] }
  | { type: "reference"; reference: Reference }
  | { type: "list"; items: Expression[] }
  | { type: "range"; from: Expression; to: Expression }
  | { type: "map"; entries: [Expression, Expression][] }
  | { type: "unary"; operator: "!" | "-"; operand: Expression }
  | { type: "binary"; operator: string; left: Expression; right: Expression };
