/**
 * A path segment `.` or `..`, however it is encoded: `..%2f`, `%2e%2e/`, `..%5c`, `..;/`, and `..%252f` for backends behind
 * a proxy that decodes once. Behind a path variable such a segment reaches the backend and climbs out of the route that the
 * access level was checked for. The syntax is shared by JavaScript, AWS WAF and Nginx; compare without regard to case.
 */
export const DOT_SEGMENT = String.raw`(^|[/\\]|%(25)*(2f|5c))([.]|%(25)*2e){1,2}([/\\;]|%(25)*(2f|5c|3b)|$)`;

const pattern = new RegExp(DOT_SEGMENT, "i");

/** Whether a raw path, without its query, has such a segment. `a..b`, `.well-known` and a DOI's `10.1234%2FX` have none. */
export function hasDotSegment(path: string): boolean {
  return pattern.test(path);
}
