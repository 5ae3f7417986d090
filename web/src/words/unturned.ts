// Words of others.

// unturned leaves letters out that turn around what stands beside them (UAX #9): somebody else
// wrote them, into a description perhaps, and the page puts words of its own next to it.
export const unturned = (text: string): string => text.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");
