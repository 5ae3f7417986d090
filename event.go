package sinso

import (
	"time"
)

// The events, in the order in which one study meets them. Each has a body of
// the same name; bodies are written encrypted, and hold identifying values in
// the clear, so they never leave the node.
const (
	EventPersonCreated      EventType = "person-created"      // PersonCreated
	EventInstanceSealed     EventType = "instance-sealed"     // InstanceSealed
	EventQuarantined        EventType = "quarantined"         // Quarantined
	EventRetried            EventType = "retried"             // Retried: what was refused was taken in after all
	EventPatientAnswered    EventType = "patient-answered"    // PatientAnswered: somebody said whose objects of a patient are
	EventImported           EventType = "imported"            // StudyImported: one study of one import is complete
	EventReleasePlanned     EventType = "release-planned"     // ReleasePlanned: its secrets exist
	EventReleasePriced      EventType = "release-priced"      // ReleasePriced: a draft is to be sold
	EventAuthorAccepted     EventType = "author-accepted"     // AuthorAccepted: a co-creator agrees to a release
	EventAuthorDeclined     EventType = "author-declined"     // AuthorDeclined: a release that waited for one ends
	EventReleaseCalledOff   EventType = "release-called-off"  // ReleaseCalledOff: before it was registered
	EventReleased           EventType = "released"            // Released: the derivative is sealed and stored
	EventReleaseRefused     EventType = "release-refused"     // ReleaseRefused: nothing of it may be sold
	EventIdentityRegistered EventType = "identity-registered" // IdentityRegistered
	EventAssetRegistered    EventType = "asset-registered"    // AssetRegistered
	EventOrdered            EventType = "ordered"             // Ordered: the person signed an offer
	EventKeyGranted         EventType = "key-granted"         // KeyGranted: the key was handed to a buyer
	EventSettled            EventType = "settled"             // Settled: the money of a trade moved
	EventRevoked            EventType = "revoked"             // Revoked
	EventKeyRefused         EventType = "key-refused"         // KeyRefused
	EventPurchased          EventType = "purchased"           // Purchased: on the buyer's node, each step of a trade
	EventOpened             EventType = "opened"              // Opened: somebody read something
	EventTokenCreated       EventType = "token-created"       // TokenCreated
	EventSignedIn           EventType = "signed-in"           // SignedIn: a page
	EventSessionsEnded      EventType = "sessions-ended"      // SessionsEnded: before their time, by a caller
	EventSignInAdded        EventType = "sign-in-added"       // SignInAdded: a passkey, phrase or wallet
	EventSignInChanged      EventType = "sign-in-changed"     // SignInChanged: its label, or the key that it keeps
	EventSignInRemoved      EventType = "sign-in-removed"     // SignInRemoved
	EventSignInSuspect      EventType = "sign-in-suspect"     // SignInSuspect: it may have been copied, and was refused
	EventErased             EventType = "erased"              // Erased: what was said of a record, and its objects, are to go
	EventErasureDone        EventType = "erasure-done"        // ErasureDone: they are gone
	EventErasureAsked       EventType = "erasure-asked"       // ErasureAsked: it is begun, or waits until the institution may let it go
	EventErasureRefused     EventType = "erasure-refused"     // ErasureRefused: it could not be, and who asked was told
	EventHeld               EventType = "held"                // Held: nothing of it is erased
	EventHoldEnded          EventType = "hold-ended"          // HoldEnded
	EventRejected           EventType = "rejected"            // Rejected: instances are no longer shown
	EventRestored           EventType = "restored"            // Restored: rejected instances are shown again
	EventMerged             EventType = "merged"              // Merged: two persons are one
	EventMoved              EventType = "moved"               // Moved: a study was another person's
	EventRecalled           EventType = "recalled"            // Recalled: a release is taken back
	EventReviewDecided      EventType = "review-decided"      // ReviewDecided: a person looked at what the pixel gate doubted
	EventTemplateAdded      EventType = "template-added"      // TemplateAdded: where a kind of device writes
	EventTemplateRemoved    EventType = "template-removed"    // TemplateRemoved
	EventSharePlanned       EventType = "share-planned"       // SharePlanned: a person wants to show a study by a link
	EventShareMade          EventType = "share-made"          // ShareMade: the link opens it
	EventShareOpened        EventType = "share-opened"        // ShareOpened: somebody with the link looked
	EventShareEnded         EventType = "share-ended"         // ShareEnded: the link opens nothing any more
	EventAEAdded            EventType = "ae-added"            // AEAdded: a DICOM peer may associate
	EventAERemoved          EventType = "ae-removed"          // AERemoved: no longer
	EventReplicaKept        EventType = "replica-kept"        // ReplicaKept: a peer keeps encrypted copies from now on
	EventReplicaDropped     EventType = "replica-dropped"     // ReplicaDropped: no more copies are brought to it
	EventRootKeyShared      EventType = "root-key-shared"     // RootKeyShared: guardians have shares of the root key
	EventActBegun           EventType = "act-begun"           // ActBegun: something is about to be done or signed by the contracts
	EventActed              EventType = "acted"               // Acted: somebody did something by the contracts
)

// PersonCreated files a new person.
type PersonCreated struct {
	Person PersonID `json:"person"`
	// Match is the keyed hash of the patient identity that files are matched by.
	Match string `json:"match,omitempty"`
	Label string `json:"label,omitempty"` // what the owner sees: a name
}

// InstanceSealed files one instance: where its sealed bytes are and what the
// index needs to know of it.
type InstanceSealed struct {
	Instance InstanceRow `json:"instance"`
	Series   SeriesRow   `json:"series"`
	Study    StudyRow    `json:"study"`
	// Metadata is the instance as a DICOM JSON object without its bulk data
	// (PS3.18 F.2, F.2.2), in raw DEFLATE (RFC 1951). Empty in logs written before
	// there was any.
	Metadata []byte `json:"metadata,omitempty"`
}

// Quarantined keeps what was refused.
type Quarantined struct {
	CID    CID          `json:"cid"`
	SHA256 string       `json:"sha256"`
	Size   int64        `json:"size"`
	Reason Reason       `json:"reason"`
	Detail string       `json:"detail"` // the refusing error: never text from the object
	Name   string       `json:"name"`   // where it came from
	Person PersonID     `json:"person,omitempty"`
	Keys   []WrappedKey `json:"keys"`
	// Release is the one that it is a copy of, if this node made it; Person is then the
	// release's.
	Release ReleaseID `json:"release,omitempty"`
	// Patient is the key of the answer by which it is set aside.
	Patient string `json:"patient,omitempty"`
}

// PatientAnswered says whose the objects are that name a patient so. The last answer counts.
type PatientAnswered struct {
	Patient string   `json:"patient"`       // opaque: its key
	For     PersonID `json:"for,omitempty"` // the owner whom it is for; "": who works the archive
	Match   string   `json:"match"`         // keyed hash of the patient identity
	Name    string   `json:"name,omitempty"`
	Birth   string   `json:"birth,omitempty"`  // DICOM DA
	Person  PersonID `json:"person,omitempty"` // whose they are; "": they are set aside
	Aside   Reason   `json:"aside,omitempty"`
}

// Retried says that an object of the quarantine was taken in after all.
type Retried struct {
	CID      CID        `json:"cid"` // of the quarantine
	SHA256   string     `json:"sha256"`
	Instance InstanceID `json:"instance"` // what it is filed as
}

// StudyImported closes one study of one import.
type StudyImported struct {
	Study     StudyID      `json:"study"`
	Instances int          `json:"instances"` // of the study, after this import
	Manifest  CID          `json:"manifest"`  // the sealed list of its instances and their keys
	Keys      []WrappedKey `json:"keys"`
	Tier      Tier         `json:"tier"`
}

// ReleasePlanned fixes the secrets of a release before anything is made of
// them, so that a derivation which is cut off and done again ends in the same
// bytes. Secret is wrapped to the person alone.
type ReleasePlanned struct {
	Release ReleaseID  `json:"release"`
	Study   StudyID    `json:"study"`
	Secret  WrappedKey `json:"secret"`
	Price   Wei        `json:"priceWei"`
	// Series are those of the study that it is made of, sorted; none: all.
	Series []SeriesID `json:"series,omitempty"`
	// Terms are those of its offer. Zero in logs of before there was a choice: the usual ones.
	Terms Terms `json:"terms,omitzero"`
	// Author adds a work of their own to the release; nil: nobody does.
	Author *PlannedAuthor `json:"author,omitempty"`
	// Until is when a co-creator can agree at the latest: nothing is made before. Zero: in
	// logs of before they were asked, or nobody is.
	Until time.Time `json:"until,omitzero"`
	// Profile is the de-identification profile's file: what is begun under it ends under it.
	Profile string `json:"profile,omitempty"`
	// Draft says that it is made ahead: it is stored, and goes no further until the
	// person names a price.
	Draft bool `json:"draft,omitempty"`
}

// ReleasePriced takes a draft up: it is no longer one.
type ReleasePriced struct {
	Release ReleaseID `json:"release"`
	Price   Wei       `json:"priceWei"`
	Terms   Terms     `json:"terms,omitzero"` // the usual ones if zero
	Risk    *Risk     `json:"risk,omitempty"` // as it is by then
	// Unoffered: it goes on the chain for no price, and no order is signed for it.
	Unoffered bool `json:"unoffered,omitempty"`
	// Asset is signed anew, as a version of its parent. Nil: it is as it was made.
	Asset *Asset `json:"asset,omitempty"`
}

// AuthorAccepted lets a release go on that waited for its co-creator.
type AuthorAccepted struct {
	Release ReleaseID `json:"release"`
	// InTheirName says that it was not the co-creator: who keeps the node agreed for them.
	InTheirName bool `json:"inTheirName,omitempty"`
}

// AuthorDeclined ends a release that waited for its co-creator: they or its owner said so,
// or nobody said anything in time.
type AuthorDeclined struct {
	Release ReleaseID `json:"release"`
	Reason  Reason    `json:"reason"`
}

// PlannedAuthor is a co-creator: a person with a key on this node whose work
// becomes part of the release.
type PlannedAuthor struct {
	Person PersonID `json:"person"`
	Role   string   `json:"role"` // "doctor"
	Work   string   `json:"work"` // what is made: the name of a maker, "measurement"
	Bps    uint16   `json:"bps"`  // their share
}

// Released is a stored derivative.
type Released struct {
	Release   ReleaseID      `json:"release"`
	Study     StudyID        `json:"study"`
	Manifest  CID            `json:"manifest"`
	Keys      []WrappedKey   `json:"keys"` // to the person alone
	Tier      Tier           `json:"tier"`
	Instances int            `json:"instances"`
	Withheld  map[Reason]int `json:"withheld,omitempty"` // instances held back, by reason
	Asset     Asset          `json:"asset"`
	Roles     []string       `json:"roles,omitempty"` // of Asset.Split, in its order
	Opening   []byte         `json:"opening"`         // opens Asset.Commitment
	// Reviewed is how many of the instances persons let through, as they are or with
	// more of them blanked.
	Reviewed int `json:"reviewed,omitempty"`
	// Decided is the Seq of the newest decision of the review that it was made by.
	Decided uint64 `json:"decided,omitempty"`
	// Review are instances that a person is to look at: what is withheld in doubt, and
	// some of what is not, for quality.
	Review []ReviewItem `json:"review,omitempty"`
	// Strata are those that its instances were drawn from, as they stand after it.
	Strata []Stratum `json:"strata,omitempty"`
	// Risk is how far it can be told from others; nil in logs from before it was counted.
	Risk *Risk `json:"risk,omitempty"`
	// Quality is how well it is made, as its token commits to; nil in logs from before it was
	// judged.
	Quality *Quality `json:"quality,omitempty"`
	// Sample is some of the keyed fingerprints of its pixels (stage quality), so that the same
	// is known when it is offered again.
	Sample []byte `json:"sample,omitempty"`
	// Derived is the keyed hash of the Study Instance UID that its derivatives have, so
	// that one of them is known when it comes back. Empty in logs written before it was.
	Derived string `json:"derived,omitempty"`
	// Faces are the series out of which a face was taken, or could not be.
	Faces []Defaced `json:"faces,omitempty"`
}

// Defaced tells of one series out of which a face was taken, or could not be: the
// figures of package deface.
type Defaced struct {
	Series  SeriesID    `json:"series"`
	Failed  string      `json:"failed,omitempty"`  // why it is withheld; "": its face was taken out
	Nothing bool        `json:"nothing,omitempty"` // it shows the vault of a head alone: nothing was cut
	Turned  bool        `json:"turned,omitempty"`  // its face is where its orientation says that the back is
	First   int         `json:"first"`             // the place in the manifest of the first of its objects
	Objects int         `json:"objects"`           // in the release
	Between []int       `json:"between,omitempty"` // places among those of its objects, of what is no part of it
	Changed float64     `json:"changed"`           // share of all voxels that were replaced
	Area    float64     `json:"areaCm2"`           // that the face covers, seen from the front
	Mean    float64     `json:"meanMm"`            // from the old skin to the new surface
	P95     float64     `json:"p95Mm"`             // the 95th percentile of it
	Spread  float64     `json:"spreadMm"`          // its standard deviation
	Near    float64     `json:"near"`              // share of the skin with the new surface nearer than 3 mm
	Inside  int64       `json:"inside"`            // voxels inside the skull that were replaced
	Vault   int64       `json:"vault"`             // voxels of the skull around the brain that were replaced
	Checks  []FaceCheck `json:"checks,omitempty"`

	// Apart are the instances of the series that are no part of what is seen of it.
	Apart []InstanceID `json:"apart,omitempty"`
}

// FaceCheck is what a figure was held to.
type FaceCheck struct {
	Check  string  `json:"check"` // inside, vault, area, mean, p95, near or spread
	Value  float64 `json:"value"`
	Bound  float64 `json:"bound"`
	Least  bool    `json:"least,omitempty"` // the bound is the least value, else the most
	Passed bool    `json:"passed"`
}

// ReleaseRefused ends a release of which nothing may be sold.
type ReleaseRefused struct {
	Release  ReleaseID      `json:"release"`
	Study    StudyID        `json:"study"`
	Reason   Reason         `json:"reason"`
	Withheld map[Reason]int `json:"withheld"`
	Review   []ReviewItem   `json:"review,omitempty"`  // instances that a person is to look at
	Decided  uint64         `json:"decided,omitempty"` // the newest decision of the review that it was made by
	Risk     *Risk          `json:"risk,omitempty"`    // of a refusal for it
	Quality  *Quality       `json:"quality,omitempty"` // of a refusal for it
	Faces    []Defaced      `json:"faces,omitempty"`   // series out of which a face could not be taken
}

// ReviewItem asks for a person's eyes on one instance.
type ReviewItem struct {
	ID       ReviewID   `json:"item"` // of the instance and the profile: the same in each release
	Instance InstanceID `json:"instance"`
	Reasons  []Reason   `json:"reasons,omitempty"` // why it is withheld; none: it was released, and is a sample
	Blanked  bool       `json:"blanked,omitempty"` // of a sample: writing was blanked in it
	Device   string     `json:"device"`            // the kind of device, as deid names it
	Profile  string     `json:"profile"`           // the de-identification profile's hash, hex
	Plan     SamplePlan `json:"plan,omitzero"`     // of a sample: how it was drawn
	Place    int        `json:"place,omitempty"`   // of a sample: which object of the manifest it is, from 1; 0 in logs written before it was told
}

// SamplePlan is how many of what is released are looked at: Examine of each Of, and
// Extra of a million of the others (stage deid, package sampling).
type SamplePlan struct {
	Examine uint32 `json:"examine"`
	Of      uint32 `json:"of"`
	Extra   uint32 `json:"extra,omitempty"`
}

// Stratum counts what was released of one kind of device, under one profile and plan.
type Stratum struct {
	Device  string     `json:"device"`
	Profile string     `json:"profile"` // the de-identification profile's hash, hex
	Plan    SamplePlan `json:"plan"`
	Made    uint64     `json:"made"`
	Chosen  uint64     `json:"chosen"`
	Window  uint64     `json:"window"` // chosen by the plan of the last Of that were begun
}

// ReviewDecided is what one person said of one item.
type ReviewDecided struct {
	Item     ReviewID    `json:"item"`
	Decision Decision    `json:"decision"`
	Boxes    []ReviewBox `json:"boxes,omitempty"` // to be blanked, or where something leaked
	Persons  int         `json:"persons"`         // how many had to agree, by the node's configuration then
}

// IdentityRegistered is a person's identity token.
type IdentityRegistered struct {
	Token TokenID `json:"token"`
	Owner Address `json:"owner"`
	Tx    Hash    `json:"tx"`
	Gas   uint64  `json:"gas"`
}

// AssetRegistered is a minted asset token. Of a release that was called off it is one that
// came onto the chain afterwards; by which transaction is not known.
type AssetRegistered struct {
	Release ReleaseID `json:"release"`
	Token   TokenID   `json:"token"`
	Tx      Hash      `json:"tx"`
	Gas     uint64    `json:"gas"`
}

// Ordered is an offer that the person signed.
type Ordered struct {
	Release ReleaseID `json:"release"`
	Hash    Hash      `json:"hash"`
	Offer   []byte    `json:"offer"`  // the offer as it is given to buyers (docs/formats.md)
	Public  []CID     `json:"public"` // the blocks that anyone may now fetch: all ciphertext
}

// KeyGranted is a key handed to the buyer of an order.
type KeyGranted struct {
	Order  Hash    `json:"order"`
	Trade  Hash    `json:"trade,omitzero"` // absent: of version 1
	Buyer  Address `json:"buyer"`
	Answer []byte  `json:"answer"` // the KeyAnswer, JSON: given again to the same buyer
}

// Settled is the end of a trade's money.
type Settled struct {
	Order   Hash       `json:"order"`
	Trade   Hash       `json:"trade,omitzero"` // absent: what was not filled of it ended, or of version 1
	Buyer   Address    `json:"buyer,omitzero"` // of the trade
	State   TradeState `json:"state"`
	UseEnds time.Time  `json:"useEnds,omitzero"` // when the days of the licence are over; zero: no end
	Tx      Hash       `json:"tx"`
	Payouts []Payout   `json:"payouts,omitempty"`
}

// Revoked ends the grant of an order.
type Revoked struct {
	Order Hash `json:"order"`
	Trade Hash `json:"trade,omitzero"` // of this trade alone; absent: of all, and no more are sold
	Tx    Hash `json:"tx"`
	Over  bool `json:"over,omitempty"` // the days of its licence were over
}

// KeyRefused is a request for a key that was turned down.
type KeyRefused struct {
	Order  Hash   `json:"order"`
	Reason Reason `json:"reason"`
}

// Purchased is where a trade stands on the buyer's node.
type Purchased struct {
	Purchase PurchaseRow `json:"purchase"`
}

// Opened is an access to identified data or to a bought asset.
type Opened struct {
	What    string `json:"what"` // opaque id
	Purpose string `json:"purpose"`
}

// TokenCreated is a bearer token; only its hash is kept.
type TokenCreated struct {
	Row BearerRow `json:"token"`
}

// SignedIn is a page that was signed in.
type SignedIn struct {
	How     SignInMethod `json:"how"`
	Session string       `json:"session"` // the opaque id under which it is listed
	// Credential is what it was signed in by, and Count its signature counter then;
	// both empty for a token.
	Credential CredentialID `json:"credential,omitempty"`
	Count      uint32       `json:"count,omitempty"`
}

// SessionsEnded is sessions that a caller ended before their time.
type SessionsEnded struct {
	Sessions []string `json:"sessions"` // their opaque ids
}

// SignInAdded binds a credential to an account.
type SignInAdded struct {
	Credential CredentialRow `json:"credential"`
}

// SignInChanged gives a credential another label, and a wrapped key if it has none.
type SignInChanged struct {
	Credential CredentialID `json:"credential"`
	Label      string       `json:"label"`
	Wrapped    []byte       `json:"wrapped,omitempty"`
}

// SignInRemoved ends a credential, and the sessions it was used for.
type SignInRemoved struct {
	Credential CredentialID `json:"credential"`
}

// SignInSuspect is a passkey whose signature counter did not grow.
type SignInSuspect struct {
	Credential CredentialID `json:"credential"`
}

// Erased says what is to go, before anything of it goes, so that an erasure that was
// cut off ends all the same, and one that was undone by an older copy of the node is done
// again. It names ciphertext and opaque names only, and is itself under no record's key.
type Erased struct {
	Study      StudyID  `json:"study,omitempty"`      // what was to be erased: a study,
	Person     PersonID `json:"person,omitempty"`     // or all of a person,
	Refused    CID      `json:"refused,omitempty"`    // or an object in quarantine
	Keys       []KeyID  `json:"keys"`                 // that are destroyed
	Roots      []CID    `json:"roots"`                // of the sealed objects that are deleted
	Public     []CID    `json:"public,omitempty"`     // blocks that anyone could fetch
	Quarantine []CID    `json:"quarantine,omitempty"` // objects in quarantine among Roots
	// Events are the events that nobody can read any more, as pairs: the first, and the
	// one after the last.
	Events [][2]uint64 `json:"events"`
}

// ErasureDone says that an erasure is complete.
type ErasureDone struct {
	Erased    uint64 `json:"erased"`    // Seq of its event
	Receipt   []byte `json:"receipt"`   // JSON: an ErasureReceipt
	Signature []byte `json:"signature"` // Ed25519, by the institution (docs/formats.md, "erasure receipt")
}

// ErasureAsked says that an erasure was asked for. When one has to wait, what it names is
// shown no more, and all that it was used for has ended. It is under no record's key.
type ErasureAsked struct {
	What       string `json:"what"` // a study, a person, or the CID of an object in quarantine
	LeaveMoney bool   `json:"leaveMoney,omitempty"`
	// Begun says that all that it is used for is being ended. Erased, a second ErasureAsked
	// without Begun, or ErasureRefused comes next; a node that is cut off before goes on.
	Begun bool `json:"begun,omitempty"`
}

// ErasureRefused says that an erasure which was begun could not be, and that who asked was
// told: nothing is erased until they ask again.
type ErasureRefused struct {
	What string `json:"what"`
}

// Held puts a study, or all of a person, under a legal hold.
type Held struct {
	What   string     `json:"what"` // a study or a person
	Reason HoldReason `json:"reason"`
}

// HoldEnded ends a legal hold.
type HoldEnded struct {
	What string `json:"what"`
}

// Rejected takes instances out of the index: a rejection note said so (IHE
// Imaging Object Change Management), or an operator. Their sealed bytes stay
// until they are deleted.
type Rejected struct {
	Instances []InstanceID `json:"instances"`
	Reason    Reason       `json:"reason"`
	By        string       `json:"by,omitempty"` // the note's instance
	// Studies and UIDs are what a note names, here or not: an object with one of these
	// SOP Instance UIDs that comes to one of these studies later is rejected too.
	Studies []StudyID `json:"studies,omitempty"`
	UIDs    []string  `json:"uids,omitempty"`
}

// Restored files rejected instances again, as they were sealed; their keys and their
// study's person are those of now.
type Restored struct {
	Instances []InstanceSealed `json:"instances"`
}

// Merged makes the studies of one person another's. What comes for From from now on
// is filed under Into. Keys stay wrapped to whom they were.
type Merged struct {
	From PersonID `json:"from"`
	Into PersonID `json:"into"`
}

// Moved makes one study another person's: it was filed wrongly. Keys are the content
// keys of its instances, wrapped to Into; those to persons before are dropped.
type Moved struct {
	Study StudyID                   `json:"study"`
	From  PersonID                  `json:"from"`
	Into  PersonID                  `json:"into"`
	Keys  map[InstanceID]WrappedKey `json:"keys"`
}

// ReleaseCalledOff ends a release that is not registered, as its person wants: it is
// refused from now on.
type ReleaseCalledOff struct {
	Release ReleaseID `json:"release"`
	// Reason is why; "": somebody said so.
	Reason Reason `json:"reason,omitempty"`
}

// Recalled ends a release whose originals were rejected, or are another person's: it
// is refused from now on, whatever it was. What was sold stays with who bought it.
type Recalled struct {
	Release ReleaseID `json:"release"`
	Reason  Reason    `json:"reason"`
}

// AEAdded lets an application entity associate, or changes where it is.
type AEAdded struct {
	AE AERow `json:"ae"`
}

// AERemoved lets it no longer.
type AERemoved struct {
	Title string `json:"title"`
}

// RootKeyShared says that shares of the node's root key were sealed to guardians.
type RootKeyShared struct {
	Fingerprint string   `json:"fingerprint"` // of the root key
	Identifier  int      `json:"identifier"`  // of the set of shares
	Threshold   int      `json:"threshold"`
	Guardians   []string `json:"guardians"` // fingerprints of their public keys, in order
}

// ActBegun is written down before anything of an act leaves the node: so what an account may have is
// known by the log. It is under the key that Acted is under.
type ActBegun struct {
	ID      Hash      `json:"id"`  // of the act; zero: it only signs
	Act     string    `json:"act"` // noun and verb
	Account Address   `json:"account"`
	At      Address   `json:"at,omitzero"`       // contract that a person's account is for alone
	Release ReleaseID `json:"release,omitempty"` // whose account acts
	Moment  time.Time `json:"moment"`            // the chain's clock at the first try: what is drafted again is the same
	Funds   Wei       `json:"fundsWei,omitzero"` // what the node lets the account have for gas: what is left of it is nobody's money
	Signed  []Signed  `json:"signed,omitempty"`  // what is given out signed
}

// Signed is something that was signed and stands without a transaction.
type Signed struct {
	Type   string `json:"type"`   // EIP-712 primary type
	Digest Hash   `json:"digest"` // EIP-712

	Until time.Time `json:"until,omitzero"` // last moment at which it is good
}

// Acted is an act by the contracts that was done. It is under the key of the release whose account
// acted, or of the person whose: it names an account that is that one's.
type Acted struct {
	ID      Hash      `json:"id"`
	Act     string    `json:"act"` // noun and verb
	Account Address   `json:"account"`
	Release ReleaseID `json:"release,omitempty"`
	Txs     []Hash    `json:"txs"`
	Fee     Wei       `json:"feeWei"`
}
