/**
 * A path segment `.` or `..`, also percent-encoded or set off by an encoded slash or backslash. Behind a path variable
 * such a segment reaches the backend and climbs out of the route that the access level was checked for. The syntax is
 * that of both JavaScript and AWS WAF; compare without regard to case.
 */
export const DOT_SEGMENT = "(^|/|%2f|%5c)([.]|%2e){1,2}(/|%2f|%5c|$)";

const pattern = new RegExp(DOT_SEGMENT, "i");

/** Whether a raw path, without its query, has such a segment. `a..b`, `.well-known` and a DOI's `10.1234%2FX` have none. */
export function hasDotSegment(path: string): boolean {
  return pattern.test(path);
}
