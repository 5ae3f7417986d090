// written is a DICOM name (PS3.5 PN) for somebody to read: its ways of writing one after the
// other, the parts of each with spaces between.
export const written = (pn: string): string => pn.split("=").map((group) => group.split("^").map((part) => part.trim()).filter(Boolean).join(" ")).filter(Boolean).join(" · ");
