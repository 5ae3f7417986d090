import { type ReactNode, useId } from "react";

// Panel is a part of a page with a heading of its own.
export function Panel({ title, tools, className = "", children }: { title?: ReactNode; tools?: ReactNode; className?: string; children: ReactNode }) {
  const heading = useId();
  return (
    <section className={`panel ${className}`} aria-labelledby={title ? heading : undefined}>
      {title && <div className="row"><h2 id={heading}>{title}</h2>{tools}</div>}
      {children}
    </section>
  );
}
