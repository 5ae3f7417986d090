// takeSecret reads the secret of a link out of the address, and leaves none in it or in
// the history; null if the address is not that of a link.
export function takeSecret(): string | null {
  const [, place, secret = ""] = location.hash.split("/");
  if (place !== "shared") return null;
  history.replaceState(null, "", "#/shared");
  return secret;
}
