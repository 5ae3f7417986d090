import { type ReactNode, useEffect, useRef } from "react";
import { Scrolling } from "./pieces";

// Column is the name of a column, and whether numbers stand in it.
export type Column = readonly [name: string, number?: "number"];

// Table is a table that scrolls by itself where it is too wide. On a phone each row becomes
// a list, with the name of its column before each cell. Its label is read out, and shown
// above it if captioned; the children are its rows.
export function Table({ label, captioned, columns, className, children }: { label: string; captioned?: boolean; columns: readonly Column[]; className?: string; children: ReactNode }) {
  const table = useRef<HTMLTableElement>(null);
  useEffect(() => {
    for (const row of table.current?.tBodies[0]?.rows ?? []) {
      for (const [i, cell] of [...row.cells].entries()) cell.dataset.column = columns[i]?.[0] ?? "";
    }
  });
  return (
    <Scrolling label={label}>
      <table ref={table} className={className}>
        {captioned && <caption>{label}</caption>}
        <thead><tr>{columns.map(([name, number]) => <th key={name} scope="col" className={number}>{name}</th>)}</tr></thead>
        <tbody>{children}</tbody>
      </table>
    </Scrolling>
  );
}
