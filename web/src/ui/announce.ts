// announce tells what changed to who does not see it.
export function announce(text: string): void {
  const live = document.getElementById("live");
  if (live) live.textContent = text;
}
