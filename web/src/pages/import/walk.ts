// Files under what was dropped: a browser gives a folder out piece by piece.

// walk lists the files under a dropped entry, in its order.
export async function walk(entry: FileSystemEntry): Promise<File[]> {
  if (isFile(entry)) return [await new Promise<File>((found, failed) => { entry.file(found, failed); })];
  if (!isFolder(entry)) return [];
  const reader = entry.createReader(), files: File[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((found, failed) => { reader.readEntries(found, failed); });
    if (some.length === 0) return files; // it gives some at a time, and none at the end
    for (const child of some) files.push(...await walk(child));
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

// dropped lists all files of a drop. What it holds is gone after the first await, and is
// taken out of it before.
export async function dropped(data: Pick<DataTransfer, "files" | "items">): Promise<File[]> {
  const loose = [...data.files];
  const entries = [...data.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return entries.length > 0 ? (await Promise.all(entries.map(walk))).flat() : loose;
}
