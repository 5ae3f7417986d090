import { Id } from "./Id";
import { t } from "../words/words";
import { rings } from "./rings";

// Token shows a token's ID with the picture that its contract draws of it.
export const Token = ({ of }: { of: string }) => (
  <span className="token">
    <svg viewBox="-32 -32 64 64" width="28" height="28" fill="none" strokeWidth="2" aria-hidden="true">
      <path fill="#16202a" d="M-32-32h64v64h-64z" />
      {rings(of).map((ring) => (
        <circle key={ring.radius} r={ring.radius} pathLength="256" stroke={`hsl(${String(ring.hue)},70%,60%)`}
          strokeDasharray={`${String(ring.length)} ${String(ring.gap)}`} strokeDashoffset={ring.turn} />
      ))}
    </svg>
    <Id of={of} label={t("release.token")} />
  </span>
);
