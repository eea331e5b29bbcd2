/** One thing that is different for callers. */
export interface Difference {
  kind:
    | "route-added"
    | "route-removed"
    | "access-weakened"
    | "access-tightened"
    | "access-changed"
    | "parameter"
    | "body"
    | "response"
    | "deprecated"
    | "integration";
  /** "GET /entities/{id}" */
  route: string;
  /** What is different, in one line */
  message: string;
  /** Callers that worked may stop working */
  breaking: boolean;
  /** Callers that were refused may be let in */
  weakened: boolean;
}

export type Kind = Difference["kind"];
export type Note = (kind: Kind, message: string, breaking: boolean) => void;
