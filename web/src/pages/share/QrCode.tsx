import { qr } from "../../share/qr";
import { t } from "../../words/words";

const quiet = 4; // modules of white around it (ISO/IEC 18004 §9.1)

// QrCode is a link to be read by a camera: dark on white, whatever the theme.
export function QrCode({ of }: { of: string }) {
  const code = qr(of);
  if (!code) return null; // an address of more than 213 bytes
  const side = code.size + 2 * quiet;
  let path = "";
  code.modules.forEach((dark, i) => { if (dark) path += `M${quiet + (i % code.size)} ${quiet + Math.floor(i / code.size)}h1v1h-1z`; });
  return (
    <svg className="qr" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={t("share.qr")} shapeRendering="crispEdges">
      <rect width={side} height={side} className="paper" />
      <path d={path} className="ink" />
    </svg>
  );
}
