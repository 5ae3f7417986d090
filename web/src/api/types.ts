// Generated from openapi.json by scripts/types.mjs. Do not edit.

export type AERow = {
  added: string;
  host: string;
  port?: number;
  research?: boolean;
  title: string;
  tls?: boolean;
};

export type ActDone = {
  act: string;
  actor: string;
  feeWei: string;
  fiat?: string;
  id: string;
  result: unknown;
  txs: Tx[];
};

export type ActParam = {
  default?: string;
  help: string;
  kind: string;
  list: boolean;
  name: string;
  needed: boolean;
};

export type ActPlan = {
  about?: unknown;
  act: string;
  actor: string;
  atLeast: boolean;
  feeWei: string;
  fiat?: string;
  given: { [name: string]: unknown };
  mostFeeWei: string;
  pays: string;
  signs?: Signed[];
  steps: PlannedStep[];
  valueWei: string;
};

export type Added = {
  instances: number;
  order: string;
  priceWei: string;
  quality: QualityReport;
  reason: string;
  release: string;
  risk: RiskReport;
  series: string[];
  state: string;
  terms: Terms;
  tier: string;
  token: string;
  withheld: { [name: string]: number };
};

export type AnswerBody = {
  accept: boolean;
};

export type AnsweredPatient = {
  filed: number;
  moved: number;
  person?: string;
  refused: number;
  waiting: number;
};

export type Ask = {
  keys: string[];
  level: string;
  limit: number;
};

export type Asked = {
  accepted?: string;
  bps: number;
  forAuthor: boolean;
  modalities: string[];
  paidWei: string;
  priceWei: string;
  reason: string;
  records: number;
  release: string;
  role: string;
  shareWei: string;
  state: string;
  terms: Terms;
  unoffered: boolean;
  until: string;
  updated: string;
  work: string;
};

export type AskedAct = {
  dryRun: boolean;
  given: { [name: string]: string[] | null };
  id: string;
};

export type AskedAdd = {
  author?: NewAuthor;
  priceWei: string;
  profile?: string;
  series?: string[];
  study: string;
  terms: Terms;
};

export type AskedAnswer = {
  dryRun?: boolean;
  offerDays?: number;
  priceWei?: string;
  release: string;
};

export type AskedBuy = {
  dryRun: boolean;
  offer: unknown;
  request?: string;
};

export type AskedCancel = {
  dryRun: boolean;
};

export type AskedChoice = {
  author?: NewAuthor;
  dryRun: boolean;
  profile?: string;
  series?: string[];
};

export type AskedMint = {
  dryRun: boolean;
};

export type AskedTrace = {
  uid: string;
};

export type AskedVersion = {
  dryRun: boolean;
  next?: string;
};

export type Asset = {
  author?: CoCreator;
  draft: boolean;
  explain: string;
  faces: Defaced[];
  gas: number;
  id: string;
  instances: number;
  line?: Lineage;
  manifest: string;
  order: string;
  person: string;
  priceWei: string;
  profile: string;
  profileHash: string;
  quality?: QualityReport;
  reason: string;
  risk?: RiskReport;
  series: string[];
  split: Share[];
  state: string;
  study: string;
  terms: Terms;
  tier: string;
  token: string;
  tx: string;
  updated: string;
  withheld: { [name: string]: number };
};

export type BackupProgress = {
  done: number;
  total: number;
};

export type BackupResult = {
  at: string;
  blocks: number;
  bytes: number;
  cid: string;
  files: number;
  freed: number;
  sent: number;
};

export type BoughtRecord = {
  attributes: unknown;
  number: number;
  size: number;
};

export type Buying = {
  price?: TokenPrice;
  step?: string;
};

export type CIDs = {
  cids: string[];
};

export type CallingOff = {
  left: number;
};

export type Cancelled = {
  order: string;
  tx: string;
};

export type Challenge = {
  cids: string[];
  nonce: string;
};

export type CoCreator = {
  accepted?: string;
  bps: number;
  forAuthor: boolean;
  role: string;
  until: string;
  work: string;
};

export type Column = {
  name: string;
  tag: string;
};

export type ConsentReceipt = {
  event: ReceiptEvent[];
  party_identification: ReceiptParty;
  pii_principal_id: string;
  pii_processing: ReceiptProcessing;
  record_id: string;
  schema_version: string;
};

export type Contracts = {
  assets: string;
  chainId: number;
  exchange: string;
  identity: string;
};

export type Count = {
  done: number;
};

export type Credential = {
  account?: string;
  address?: string;
  created: string;
  expires?: string;
  id: string;
  kind: string;
  label: string;
  prf?: boolean;
  research?: boolean;
  site?: string;
  synced?: boolean;
  used?: string;
  wrapped?: string;
};

export type CredentialChange = {
  label?: string;
  wrapped?: string;
};

export type Currency = {
  currency: string;
  decimals?: number;
  symbol?: string;
};

export type Cut = {
  bps: number;
  payee: string;
  role: string;
  wei: string;
};

export type Defaced = {
  apart?: string[];
  areaCm2: number;
  between?: number[];
  changed: number;
  checks?: FaceCheck[];
  failed?: string;
  first: number;
  inside: number;
  meanMm: number;
  near: number;
  nothing?: boolean;
  objects: number;
  p95Mm: number;
  series: string;
  spreadMm: number;
  turned?: boolean;
  vault: number;
};

export type Delivery = {
  box: KeyBox;
  grantHash: string;
  signature: string;
  trade: string;
};

export type Done = {
  done: number;
  total: number;
};

export type Echoed = {
  aet: string;
  milliseconds: number;
  tls: boolean;
};

export type Elsewhere = {
  contracts: Contracts;
  purchases: number;
};

export type Ended = {
  ended: number;
};

export type EraseOrder = {
  id?: string;
  leaveMoney?: boolean;
};

export type ErasedCopy = {
  answer: string;
  order?: number;
  peer: string;
};

export type ErasureView = {
  begun: string;
  copies?: ErasedCopy[];
  done?: string;
  held?: boolean;
  id: string;
  receipt?: unknown;
  signature?: string;
  unasked?: string[];
  until?: string;
};

export type Event = {
  actor: string;
  at: string;
  code: string;
  count: number;
  origin?: string;
  person?: string;
  says: string;
  seq: number;
  type: string;
};

export type FaceCheck = {
  bound: number;
  check: string;
  least?: boolean;
  passed: boolean;
  value: number;
};

export type Failure = {
  reason: string;
  record: string;
  status?: string;
};

export type Figures = {
  areaCm2: number;
  fullTriangles: number;
  fullVolumeCm3: number;
  hounsfield: boolean;
  level: number;
  parts: number;
  sizeMm: number[];
  slices: number;
  triangles: number;
  vertices: number;
  volumeCm3: number;
  voxelMm: number[];
  watertight: boolean;
};

export type FiledDocument = {
  at: string;
  by: string;
  left: string[];
  uid: string;
};

export type GaveKey = {
  given: boolean;
};

export type Granted = {
  buyer: string;
  order: string;
  release: string;
  revoked: boolean;
  since: string;
  trade: string;
};

export type GuardianShare = {
  fingerprint: string;
  guardian: string;
  identifier: number;
  member: number;
  sealed: string;
  threshold: number;
  version: number;
};

export type HeldGuest = {
  bytes: number;
  created: string;
  damaged?: boolean;
  id: string;
  name: string;
  quotaBytes: number;
};

export type HeldLicence = {
  allows: boolean;
  asset: string;
  bought?: string;
  holder?: string;
  id: string;
  licence: Licence;
  order?: string;
  ours: boolean;
  over: boolean;
  owner: string;
  purpose: string;
  revoked: boolean;
  terms: string;
  text: string;
  transferable: boolean;
  until?: string;
};

export type HeldLicences = {
  elsewhere: Elsewhere[];
  items: HeldLicence[];
};

export type HoldOrder = {
  reason: string;
  what: string;
};

export type HoldRow = {
  at: string;
  reason: string;
  what: string;
};

export type ImportResult = {
  bytes: number;
  conflicts: number;
  duplicates: number;
  files: number;
  instances: number;
  patients: number;
  quarantined: number;
  reasons: { [name: string]: number };
  skipped: number;
  studies: string[];
};

export type ImportedPaths = {
  asks: PatientView[];
  bytes: number;
  conflicts: number;
  duplicates: number;
  files: number;
  instances: number;
  patients: number;
  quarantined: number;
  reasons: { [name: string]: number };
  skipped: number;
  studies: string[];
};

export type IndexState = {
  assets: number;
  block: number;
  events: number;
  final: number;
  lag: number;
  newest: number;
  problem?: string;
  waiting: number;
};

export type KeptQualityFinding = {
  count: number;
  finding: string;
  tag?: string;
};

export type KeptQualityPart = {
  findings?: KeptQualityFinding[];
  part: string;
  score: number;
  weight: number;
};

export type KeptRiskAdvice = {
  hide: string[];
  k: number;
};

export type KeyAnswer = {
  delivery: Delivery;
  grant: string;
};

export type KeyBox = {
  ephemeral: Point;
  masked: string;
};

export type KeyImage = {
  frame?: number;
  image: string;
};

export type KeyRequest = {
  hpke: string;
  order: string;
  signature: string;
  trade: string;
};

export type KnownAct = {
  asks: boolean;
  long?: string;
  noun: string;
  params: ActParam[];
  short: string;
  verb: string;
  who: string;
};

export type KnownActs = {
  items: KnownAct[];
};

export type LeakOverall = {
  chosen: number;
  examined: number;
  high: number;
  leaks: number;
  low: number;
  made: number;
  method: string;
  rate: number;
  unseen: number;
};

export type LeakRate = {
  confidence: number;
  overall: LeakOverall;
  rows: LeakStratum[];
};

export type LeakStratum = {
  chosen: number;
  device: string;
  examined: number;
  high: number;
  leaks: number;
  low: number;
  made: number;
  plan: SamplePlan;
  processHigh: number;
  processLow: number;
  profile: string;
  rate: number;
  ruleOfThree: number;
};

export type Licence = {
  days: number;
  purpose: string;
  use: string;
};

export type Lineage = {
  children: string[];
  nextSays: boolean;
  parent?: string;
  parentSays: boolean;
  successor?: string;
};

export type ListAERow = {
  items: AERow[];
};

export type ListAsked = {
  items: Asked[];
};

export type ListAsset = {
  items: Asset[];
};

export type ListBoughtRecord = {
  items: BoughtRecord[];
};

export type ListCredential = {
  items: Credential[];
};

export type ListErasureView = {
  items: ErasureView[];
};

export type ListEvent = {
  items: Event[];
};

export type ListGranted = {
  items: Granted[];
};

export type ListHeldGuest = {
  items: HeldGuest[];
};

export type ListHoldRow = {
  items: HoldRow[];
};

export type ListOpenSession = {
  items: OpenSession[];
};

export type ListOrder = {
  items: Order[];
};

export type ListOrderRow = {
  items: OrderRow[];
};

export type ListPatientView = {
  items: PatientView[];
};

export type ListPerson = {
  items: Person[];
};

export type ListPurchase = {
  items: Purchase[];
};

export type ListRecord = {
  items: Record[];
};

export type ListRefusedFile = {
  items: RefusedFile[];
};

export type ListRejection = {
  items: Rejection[];
};

export type ListReleaseRow = {
  items: ReleaseRow[];
};

export type ListReturnedCopy = {
  items: ReturnedCopy[];
};

export type ListSharing = {
  items: Sharing[];
};

export type ListStudy = {
  items: Study[];
};

export type ListTemplateRow = {
  items: TemplateRow[];
};

export type ListUntaken = {
  items: Untaken[];
};

export type ListUploadView = {
  items: UploadView[];
};

export type ListWarning = {
  items: Warning[];
};

export type MadeGuest = {
  guest: HeldGuest;
  token: string;
};

export type MadeOffer = {
  order?: Order;
  plan?: PlannedOffer;
};

export type MakeOffer = {
  copies?: number;
  currency?: string;
  dryRun?: boolean;
  floorWei?: string;
  offerDays?: number;
  panel?: string;
  priceWei: string;
  release: string;
  taker?: string;
  transferable?: boolean;
  useDays?: number;
};

export type Matches = {
  columns: Column[];
  items: unknown[];
  more: boolean;
};

export type Merging = {
  from: string;
  into: string;
};

export type Minted = {
  contract: string;
  feeWei?: string;
  fiat?: string;
  gas?: number;
  owner: string;
  parent?: string;
  reason?: string;
  release: string;
  said?: ActDone;
  state: string;
  token?: string;
  tx?: string;
};

export type Moving = {
  person: string;
  study: string;
};

export type Named = {
  cid: string;
};

export type NewAE = {
  host: string;
  port?: number;
  research?: boolean;
  title: string;
  tls?: boolean;
};

export type NewAnswer = {
  as: string;
  patient: string;
  person?: string;
};

export type NewAsset = {
  author?: NewAuthor;
  priceWei: string;
  profile?: string;
  series?: string[];
  study: string;
  terms?: Terms;
};

export type NewAuthor = {
  accept?: boolean;
  bps: number;
  person: string;
  role: string;
  work: string;
};

export type NewBackup = {
  to: string;
};

export type NewGuest = {
  name: string;
  quotaBytes: number;
};

export type NewImport = {
  ask?: boolean;
  paths: string[];
  person?: string;
  research?: boolean;
  said?: Said[];
};

export type NewKeyImages = {
  images: KeyImage[];
  replaces?: string[];
};

export type NewMark = {
  frame?: number;
  image?: string;
  kind: "length" | "axes" | "angle" | "cobb" | "rectangle" | "ellipse" | "circle" | "contour" | "probe" | "text";
  label: string;
  points: (number[] | null)[];
  space?: string;
  text?: string;
  tracking: string;
  values?: NewValue[];
};

export type NewPasskey = {
  attestation: string;
  client: string;
  label: string;
  prf?: boolean;
  wrapped?: string;
};

export type NewPasskeyChallenge = {
  algorithms: number[];
  challenge: string;
  expires: string;
  handle: string;
  has: string[];
  name: string;
  site: string;
};

export type NewPhrase = {
  label: string;
  nonce: string;
  public: string;
  signature: string;
  wrapped?: string;
};

export type NewPull = {
  studies: string[];
};

export type NewReplica = {
  name: string;
  token: string;
  url: string;
};

export type NewReport = {
  marks: NewMark[];
  replaces?: string[];
};

export type NewRetry = {
  person?: string;
  research?: boolean;
};

export type NewRootKeyShares = {
  guardians: string[];
  threshold: number;
};

export type NewSending = {
  ids: string[];
};

export type NewShare = {
  endsAt: string;
  id: string;
  openings?: number;
  parts: number;
  purpose: string;
  study: string;
  verifier: string;
};

export type NewTemplate = {
  boxes: (number[] | null)[];
  columns?: number;
  manufacturer?: string;
  modality?: string;
  model?: string;
  review?: string;
  rows?: number;
};

export type NewToken = {
  expires: number;
  person?: string;
  research?: boolean;
  role: string;
};

export type NewValue = {
  in: "mm" | "mm2" | "mm-detector" | "mm2-detector" | "mm-hand" | "mm2-hand" | "px" | "px2" | "deg" | "HU" | "SUV" | "1";
  number: number;
  of: "length" | "long" | "short" | "angle" | "cobb" | "area" | "value" | "mean" | "deviation" | "least" | "most";
};

export type NewWallet = {
  label: string;
  message: string;
  signature: string;
};

export type NotePayment = {
  tx: string;
};

export type Nothing = { [name: string]: unknown };

export type Offer = {
  asset: OfferedAsset;
  contracts: Contracts;
  institution: string;
  opening: string;
  order: OfferedOrder;
  origin: string;
  payload: string;
  peer: string;
  proof: Proof;
  roles: string[];
  signature: string;
  terms: string;
  version: number;
};

export type OfferLook = {
  askedWei?: string;
  balanceWei?: string;
  gasWei: string;
  offer?: Offered;
  ok: boolean;
  piece?: string;
  purchase?: Purchase;
  why?: string;
};

export type OfferRow = {
  plan?: PlannedOffer;
  row?: OrderRow;
};

export type Offered = {
  contracts: Contracts;
  copies: number;
  deliverWithin: number;
  disputeWithin: number;
  endsAt: string;
  floorWei: string;
  instances: number;
  institution: string;
  licence?: Licence;
  money?: Currency;
  order: string;
  origin: string;
  panel: string;
  payload: string;
  peer: string;
  priceWei: string;
  quality?: OfferedQuality;
  seller: string;
  split: Cut[];
  startsAt?: string;
  taker: string;
  term: number;
  terms: string;
  tier: string;
  token: string;
  transferable: boolean;
};

export type OfferedAsset = {
  commitment: string;
  creator: string;
  parent: string;
  signatures: string[];
  split: OfferedShare[];
};

export type OfferedOrder = {
  copies: number;
  currency: string;
  deliverWithin: number;
  disputeWithin: number;
  endsAt: string;
  floorWei: string;
  keyCommitment: string;
  panel: string;
  payload: string;
  priceWei: string;
  purpose: string;
  salt: string;
  seller: string;
  startsAt?: string;
  taker: string;
  term: number;
  terms: string;
  token: string;
  transferable: boolean;
};

export type OfferedPart = {
  part: string;
  score: number;
};

export type OfferedQuality = {
  parts: OfferedPart[];
  score: number;
};

export type OfferedShare = {
  bps: number;
  payee: string;
};

export type OpenSession = {
  how: string;
  id: string;
  made: string;
  this: boolean;
  used: string;
};

export type Order = {
  buyer: string;
  cancelled: boolean;
  copies: number;
  hash: string;
  money?: Currency;
  over: boolean;
  payouts: Payout[];
  person: string;
  priceWei: string;
  release: string;
  revoked: boolean;
  settled?: string;
  state: string;
  token: string;
  trade: string;
  trades: Trade[];
  tx: string;
  updated: string;
  useEnds?: string;
};

export type OrderRow = {
  answer?: string;
  buyer: string;
  cancelled?: boolean;
  copies: number;
  hash: string;
  offer: string;
  over?: boolean;
  payouts?: Payout[];
  person: string;
  priceWei: string;
  release: string;
  revoked: boolean;
  settled?: string;
  state: string;
  token: string;
  trade?: string;
  trades?: SoldRow[];
  tx: string;
  updated: string;
  useEnds?: string;
};

export type PaidLicence = {
  asset: string;
  id: string;
  over: boolean;
  owner: string;
  purpose: string;
  revoked: boolean;
  transferable: boolean;
  until?: string;
};

export type PassLicence = {
  dryRun?: boolean;
  to: string;
};

export type Passed = {
  done?: ActDone;
  plan?: ActPlan;
};

export type PasskeyAnswer = {
  client: string;
  data: string;
  handle: string;
  id: string;
  signature: string;
};

export type PasskeyChallenge = {
  challenge: string;
  expires: string;
  site: string;
};

export type PatientStudy = {
  date?: string;
  modalities: string[];
  objects: number;
};

export type PatientView = {
  aside?: string;
  birth?: string;
  by: string;
  differs: string[];
  id?: string;
  issuer?: string;
  label?: string;
  name?: string;
  new: boolean;
  objects: number;
  patient: string;
  person?: string;
  picture: boolean;
  said: boolean;
  state: string;
  studies: PatientStudy[];
  why?: string;
};

export type Payment = {
  chainId: number;
  data: string;
  order: string;
  to: string;
  valueWei: string;
};

export type Payout = {
  role: string;
  to: string;
  wei: string;
};

export type Person = {
  created: string;
  id: string;
  identity: string;
  label?: string;
};

export type PhraseAnswer = {
  nonce: string;
  public: string;
  signature: string;
};

export type PhraseChallenge = {
  expires: string;
  nonce: string;
  origin: string;
};

export type PlannedAuthor = {
  bps: number;
  person: string;
  role: string;
  work: string;
};

export type PlannedOffer = {
  feeWei: string;
  licence: string;
  order: OfferedOrder;
  release: string;
};

export type PlannedStep = {
  balanceWei: string;
  doing: string;
  feeWei: string;
  from: string;
  fundsWei?: string;
  gas: number;
  mostFeeWei: string;
  to: string;
  untried?: string;
  valueWei: string;
};

export type Point = {
  x: string;
  y: string;
};

export type Portraits = {
  after: string;
  before: string;
};

export type Portrayed = {
  series: string;
};

export type Presence = {
  present: boolean[];
};

export type Problem = {
  class: string;
  detail?: string;
  id?: string;
  status: number;
  title: string;
  type: string;
};

export type Proof = {
  checkpoint: string;
  index: number;
  leaf: string;
  path: string[];
};

export type Proofs = {
  proofs: string[];
};

export type Proven = {
  by: string;
  piece: string;
  says: string;
};

export type Prune = { [name: string]: unknown };

export type PruneProgress = {
  done: number;
  total: number;
};

export type PruneResult = {
  blocks: number;
  drafts: number;
  freed: number;
  waiting: number;
};

export type Pulled = {
  by: string;
  conflicts: number;
  duplicates: number;
  failed: number;
  objects: number;
  received: number;
  refused: number;
  taken: number;
};

export type Purchase = {
  byWallet: boolean;
  deliverTx: string;
  fillTx: string;
  offer?: Offered;
  order: string;
  over: boolean;
  payouts: Payout[];
  priceWei: string;
  releaseTx: string;
  running: boolean;
  sentTx: string;
  step: string;
  token: string;
  trade: string;
  updated: string;
  useEnds?: string;
};

export type PutRight = {
  instances?: number;
  says: string;
};

export type Quality = {
  instances: number;
  parts: KeptQualityPart[];
  score: number;
  version: number;
};

export type QualityFinding = {
  attribute: string;
  count: number;
  finding: string;
  helps: string;
  says: string;
  tag: string;
};

export type QualityPart = {
  findings: QualityFinding[];
  part: string;
  score: number;
  weight: number;
};

export type QualityReport = {
  enough: boolean;
  forecast: boolean;
  instances: number;
  least: number;
  of: number;
  parts: QualityPart[];
  score: number;
};

export type ReceiptEvent = {
  event_state: string;
  event_time: string;
};

export type ReceiptParty = {
  party_id: string;
  party_role: string;
  party_url?: string;
};

export type ReceiptProcessing = {
  lawful_basis: string;
  openings_at_most: number;
  pii_information: string;
  processing_method: string;
  purpose: string;
  purpose_system: string;
  recipient_third_parties: string;
  storage_location: string;
  study: string;
  valid_from: string;
  valid_until: string;
  withdrawal_method: string;
};

export type Record = {
  cid: string;
  columns: number;
  conflict: boolean;
  deidentified: string;
  frames: number;
  id: string;
  number: number;
  rows: number;
  series: string;
  size: number;
  sopClass: string;
  syntax: string;
  tier: string;
  uid?: string;
};

export type RecordPreview = {
  columns: number;
  elements: ReviewElement[];
  face: string;
  frames: number;
  held: ReviewReason[];
  marks: ReviewMark[];
  profile: string;
  record: string;
  rows: number;
};

export type RefusedFile = {
  at: string;
  cid: string;
  detail: string;
  reason: string;
  size: number;
};

export type Rejection = {
  actor: string;
  at: string;
  by?: string;
  instance: string;
  person: string;
  reason: string;
  study?: string;
};

export type ReleaseRow = {
  accepted?: string;
  asked?: number;
  asset: OfferedAsset;
  author?: PlannedAuthor;
  decided?: number;
  draft?: boolean;
  faces?: Defaced[];
  forAuthor?: boolean;
  gas: number;
  id: string;
  instances: number;
  keys?: WrappedKey[];
  manifest?: string;
  opening?: string;
  person: string;
  priceWei: string;
  profile?: string;
  quality?: Quality;
  reason?: string;
  reviewed?: number;
  risk?: Risk;
  roles?: string[];
  sample?: string;
  secret: WrappedKey;
  seq: number;
  series?: string[];
  signer?: string;
  state: string;
  study: string;
  terms: Terms;
  tier: string;
  token: string;
  tx: string;
  unoffered?: boolean;
  until?: string;
  updated: string;
  withheld?: { [name: string]: number };
};

export type ReplicaDropped = {
  deletions?: number;
  name: string;
};

export type ReplicaStatus = {
  bytes: number;
  deletions: number;
  healthy: boolean;
  held: number;
  name: string;
  owed: number;
  problem?: string;
  proven?: string;
  url: string;
};

export type Replication = {
  blocks: number;
  copies: number;
  peers: ReplicaStatus[];
  short: number;
};

export type Report = {
  added: number;
  audit?: string[];
  changed: number;
  elements: number;
  frames: number;
  framesSigned: number;
  instances: number;
  institution: string;
  origin: string;
  profile: string;
  released: number;
  statement: string;
  withheld: number;
  works?: WorkReport[];
};

export type Retried = {
  detail?: string;
  instance?: string;
  outcome: string;
  person?: string;
  reason?: string;
  study?: string;
};

export type ReturnedCopy = {
  at: string;
  cid: string;
  release: string;
  study: string;
};

export type ReviewBox = {
  frame: number;
  x0: number;
  x1: number;
  y0: number;
  y1: number;
};

export type ReviewDecision = {
  boxes?: ReviewBox[];
  decision: string;
  seen?: string;
};

export type ReviewDetail = {
  blanked: boolean;
  columns: number;
  created: string;
  device: string;
  elements: ReviewElement[];
  frames: number;
  held: ReviewReason[];
  id: string;
  marks: ReviewMark[];
  person: string;
  persons: number;
  profile: string;
  reasons: ReviewReason[];
  record: string;
  release: string;
  rows: number;
  said: ReviewOpinion[];
  sample: boolean;
  state: string;
  stored: boolean;
  study: string;
  updated: string;
};

export type ReviewElement = {
  action: string;
  cause: string;
  name: string;
  path: string;
};

export type ReviewItem = {
  blanked: boolean;
  created: string;
  device: string;
  id: string;
  person: string;
  persons: number;
  profile: string;
  reasons: ReviewReason[];
  record: string;
  release: string;
  said: ReviewOpinion[];
  sample: boolean;
  state: string;
  study: string;
  updated: string;
};

export type ReviewMark = {
  by: string;
  frame: number;
  x0: number;
  x1: number;
  y0: number;
  y1: number;
};

export type ReviewOpinion = {
  at: string;
  boxes?: ReviewBox[];
  by: string;
  decision: string;
  seq: number;
};

export type ReviewPage = {
  items: ReviewItem[];
  next: string;
};

export type ReviewReason = {
  reason: string;
  says: string;
};

export type Revoked = {
  order: string;
  says: string;
  tx: string;
};

export type Risk = {
  advice?: KeptRiskAdvice[];
  flags?: string[];
  k: number;
  least?: number;
  leastReleased?: number;
  ofReleased: number;
  persons: number;
  possible: number;
  released: number;
  shown?: string[];
  texts?: string[];
  unknown?: string[];
};

export type RiskAdvice = {
  hide: string[];
  k: number;
};

export type RiskFlag = {
  flag: string;
  says: string;
};

export type RiskReport = {
  advice: RiskAdvice[];
  enough: boolean;
  exact: boolean;
  flags: RiskFlag[];
  k: number;
  least: number;
  leastReleased: number;
  ofReleased: number;
  persons: number;
  possible: number;
  released: number;
  says: string[];
  shown: string[];
  texts: string[];
  unknown: string[];
};

export type Room = {
  nearly?: boolean;
  quota: number;
  used: number;
};

export type RootKeyShares = {
  fingerprint: string;
  identifier: number;
  shares: GuardianShare[];
  threshold: number;
};

export type Said = {
  as: string;
  patient: string;
  person?: string;
};

export type SamplePlan = {
  examine: number;
  extra?: number;
  of: number;
};

export type Segment = {
  label?: string;
  number: number;
};

export type Segmentation = {
  record: string;
  segments: Segment[];
};

export type Sent = {
  failed: number;
  failures: Failure[];
  objects: number;
  sent: number;
  warnings: number;
};

export type SentPayment = {
  state: string;
  tx: string;
};

export type Series = {
  bodyPart: string;
  date?: string;
  description?: string;
  id: string;
  instances: number;
  modality: string;
  time?: string;
  uid?: string;
};

export type Session = {
  expires?: string;
  id: string;
  person?: string;
  role: string;
};

export type Settled = {
  deliverTx: Tx;
  fillTx: Tx;
  licence?: string;
  money?: Currency;
  order: string;
  payouts: Payout[];
  priceWei: string;
  releaseTx: Tx;
  step: string;
  token: string;
  trade: string;
};

export type Share = {
  bps: number;
  payee: string;
  role: string;
};

export type Shared = {
  endsAt: string;
  opening: string;
  parts: number;
};

export type SharedTemplates = {
  file: string;
};

export type Sharing = {
  ended?: string;
  endsAt: string;
  id: string;
  made?: string;
  most: number;
  openings: string[];
  parts: number;
  person: string;
  planned: string;
  purpose: string;
  state: string;
  study: string;
  why?: string;
};

export type SignInBody = {
  token: string;
};

export type Signed = {
  digest: string;
  type: string;
  until?: string;
};

export type SignedInBy = {
  credential: Credential;
  expires?: string;
  id: string;
  person?: string;
  role: string;
};

export type SignedReceipt = {
  jws: string;
  receipt: ConsentReceipt;
};

export type SoldRow = {
  answer?: string;
  buyer: string;
  granted?: string;
  over?: boolean;
  payouts?: Payout[];
  revoked?: boolean;
  settled?: string;
  state: string;
  trade: string;
  tx: string;
  useEnds?: string;
};

export type SomeSegmentations = {
  items: Segmentation[];
  more: number;
};

export type Step = {
  step: string;
};

export type Study = {
  bytes: number;
  date?: string;
  deidentified: number;
  description?: string;
  id: string;
  imported: string;
  instances: number;
  modalities: string[];
  origin: string;
  original: string;
  person: string;
  releases: number;
  seriesList?: Series[];
  tier: string;
  uid?: string;
};

export type SwarmRouting = {
  asked: number;
  failed: number;
  found: number;
  url: string;
};

export type SwarmStatus = {
  addresses: string[];
  id: string;
  peers: string[];
  routing?: SwarmRouting;
};

export type TemplateRow = {
  added: string;
  boxes: (number[] | null)[];
  by: string;
  columns: number;
  earlier?: (number[] | null)[];
  id: string;
  manufacturer: string;
  modality: string;
  model: string;
  removed?: number;
  rows: number;
  seq: number;
};

export type Terms = {
  licence: Licence;
  offerDays: number;
  panel?: string;
};

export type Token = {
  token: string;
};

export type TokenPrice = {
  gasWei: string;
  money: Currency;
  payingWei: string;
  priceWei: string;
};

export type ToldAct = {
  answer?: unknown;
  done?: ActDone;
  plan?: ActPlan;
};

export type ToldBuy = {
  done?: Settled;
  plan?: ActPlan;
};

export type ToldCancel = {
  plan?: ActPlan;
  tx?: Tx;
};

export type ToldMint = {
  done?: Minted;
  plan?: ActPlan;
};

export type Traced = {
  instance?: string;
  kind: string;
  original: string;
  person: string;
  study: string;
};

export type Trade = {
  buyer: string;
  granted?: string;
  over: boolean;
  payouts: Payout[];
  revoked: boolean;
  settled?: string;
  state: string;
  trade: string;
  tx: string;
  useEnds?: string;
};

export type Tx = {
  block: number;
  gas: number;
  hash: string;
};

export type Untaken = {
  again?: string;
  created: string;
  expires: string;
  id: string;
  person?: string;
  size: number;
};

export type UploadOutcome = {
  bytes: number;
  conflicts: number;
  duplicates: number;
  files: number;
  instances: number;
  moreStudies: number;
  patients?: UploadPatient[];
  quarantined: number;
  reasons: { [name: string]: number };
  skipped: number;
  studies: string[];
};

export type UploadPatient = {
  answered?: boolean;
  aside?: string;
  by: string;
  key: string;
  new?: boolean;
  objects: number;
  person?: string;
};

export type UploadTotals = {
  asking: number;
  bytes: number;
  done: number;
  failed: number;
  last: number;
  outcome: UploadOutcome;
  received: number;
  receiving: number;
  taking: number;
  uploads: number;
  waiting: number;
};

export type UploadView = {
  again?: string;
  batch: string;
  created: string;
  expires: string;
  id: string;
  name: string;
  number: number;
  offset: number;
  outcome?: UploadOutcome;
  person?: string;
  research: boolean;
  size: number;
  state: string;
  type: string;
};

export type Verification = {
  error?: string;
  events: number;
  evidence: Report;
  ok: boolean;
  order: string;
  origin: string;
  piece?: string;
  steps: Proven[];
  token: string;
};

export type WalletAnswer = {
  message: string;
  signature: string;
};

export type WalletAsk = {
  address: string;
  chainId: number;
};

export type WalletChallenge = {
  address: string;
  chainId: number;
  domain: string;
  expires: string;
  issuedAt: string;
  nonce: string;
  statement: string;
  uri: string;
};

export type Warning = {
  do: string;
  says: string;
};

export type WorkReport = {
  role: string;
  sha256: string;
  signer: string;
};

export type WrappedKey = {
  to: string;
  wrapped: string;
};

export type Wrong = {
  instances?: string[];
  study?: string;
};
