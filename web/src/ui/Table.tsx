import type { ReactNode } from "react";
import { Scrolling } from "./pieces";

// Column is the name of a column, and whether numbers stand in it.
export type Column = readonly [name: string, number?: "number"];

// Table is a table that scrolls by itself where it is too wide. Its label is read out, and
// shown above it if captioned; the children are its rows.
export function Table({ label, captioned, columns, className, children }: { label: string; captioned?: boolean; columns: readonly Column[]; className?: string; children: ReactNode }) {
  return (
    <Scrolling label={label}>
      <table className={className}>
        {captioned && <caption>{label}</caption>}
        <thead><tr>{columns.map(([name, number]) => <th key={name} scope="col" className={number}>{name}</th>)}</tr></thead>
        <tbody>{children}</tbody>
      </table>
    </Scrolling>
  );
}
