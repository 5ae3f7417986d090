// Files under what was dropped or chosen: a browser gives a folder out piece by piece.

// Found is a file, and where it lay in what was dropped.
export type Found = { file: File; path: string };

// walk lists the files under a dropped entry, in its order.
export async function walk(entry: FileSystemEntry, above = ""): Promise<Found[]> {
  const path = above + entry.name;
  if (isFile(entry)) return [{ path, file: await new Promise<File>((found, failed) => { entry.file(found, failed); }) }];
  if (!isFolder(entry)) return [];
  const reader = entry.createReader(), files: Found[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((found, failed) => { reader.readEntries(found, failed); });
    if (some.length === 0) return files; // it gives some at a time, and none at the end
    for (const child of some) files.push(...await walk(child, `${path}/`));
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

// dropped lists all files of a drop. What it holds is gone after the first await, and is
// taken out of it before.
export async function dropped(data: Pick<DataTransfer, "files" | "items">): Promise<Found[]> {
  const loose = [...data.files];
  const entries = [...data.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return entries.length > 0 ? (await Promise.all(entries.map((entry) => walk(entry)))).flat() : chosen(loose);
}

// chosen are files of an input, or of a folder that was chosen in it.
export const chosen = (files: Iterable<File>): Found[] => [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
