package sinso

import (
	"context"
	"slices"
	"time"
)

// The rows of the index. The index is encrypted, and rebuildable from the
// journal; its rows hold identifying values in the clear and so never leave the
// node as they are: doors copy what their caller may see.
type (
	// PersonRow is one person.
	PersonRow struct {
		ID       PersonID  `json:"id"`
		Match    string    `json:"match,omitempty"` // keyed hash of the patient identity
		Label    string    `json:"label,omitempty"`
		Identity TokenID   `json:"identity"`
		Created  time.Time `json:"created"`
		Into     PersonID  `json:"into,omitempty"` // whom this person was merged into
		// Merged are those who were merged into this person: content keys are wrapped to
		// their custodians still.
		Merged []PersonID `json:"merged,omitempty"`
	}
	// StudyRow is one study of one person.
	StudyRow struct {
		ID          StudyID      `json:"id"`
		Person      PersonID     `json:"person"`
		UID         string       `json:"uid"`
		PatientID   string       `json:"patientId,omitempty"`
		PatientName string       `json:"patientName,omitempty"`
		Date        string       `json:"date,omitempty"` // DICOM DA
		Time        string       `json:"time,omitempty"` // DICOM TM
		Accession   string       `json:"accession,omitempty"`
		Description string       `json:"description,omitempty"`
		Origin      Origin       `json:"origin"`
		Tier        Tier         `json:"tier"`
		Manifest    CID          `json:"manifest,omitempty"`
		Keys        []WrappedKey `json:"keys,omitempty"` // of the manifest
		Listed      int          `json:"listed"`         // instances in the manifest
		ImportSeq   uint64       `json:"importSeq"`      // its imported event
		Imported    time.Time    `json:"imported"`
		Instances   int          `json:"instances"` // kept by the index
		Bytes       int64        `json:"bytes"`     // kept by the index
		// Deidentified counts the instances that somebody de-identified before they came:
		// kept by the index.
		Deidentified int `json:"deidentified,omitempty"`
		// Header holds the attributes of patient and study as a DICOM JSON object
		// (PS3.18 F.2), in the order of the tags, of the first instance that came.
		Header []byte `json:"header,omitempty"`
	}
	// SeriesRow is one series of a study.
	SeriesRow struct {
		ID          SeriesID `json:"id"`
		Study       StudyID  `json:"study"`
		UID         string   `json:"uid"`
		Modality    string   `json:"modality,omitempty"`
		BodyPart    string   `json:"bodyPart,omitempty"`
		Description string   `json:"description,omitempty"`
		Instances   int      `json:"instances"` // kept by the index
		// Header holds the attributes of the series, as [StudyRow.Header].
		Header []byte `json:"header,omitempty"`
	}
	// InstanceRow is one stored instance.
	InstanceRow struct {
		ID          InstanceID   `json:"id"`
		Series      SeriesID     `json:"series"`
		Study       StudyID      `json:"study"`
		Person      PersonID     `json:"person"`
		UID         string       `json:"uid"`
		Fingerprint string       `json:"fingerprint"` // fingerprint of the plain bytes: equal ones have the same, on this node
		SOPClass    string       `json:"sopClass"`
		Syntax      string       `json:"syntax"`
		Number      int          `json:"number"`
		Frames      int          `json:"frames"`
		Rows        int          `json:"rows"`
		Columns     int          `json:"columns"`
		Size        int64        `json:"size"` // plain bytes
		CID         CID          `json:"cid"`
		Keys        []WrappedKey `json:"keys"`
		Tier        Tier         `json:"tier"`
		Origin      Origin       `json:"origin"`
		Conflict    bool         `json:"conflict,omitempty"` // another instance has this UID and other bytes
		// Deidentified says that it is a copy, whose dates may be moved.
		Deidentified Deidentified `json:"deidentified,omitempty"`
		Seq          uint64       `json:"seq"` // its sealed event
	}
	// QuarantineRow is one refused object.
	QuarantineRow struct {
		Quarantined
		Taken InstanceID `json:"taken,omitempty"` // as what it was taken in after all
		At    time.Time  `json:"at"`
		Seq   uint64     `json:"seq"`
	}
	// ReleaseRow is one derivative, from plan to revocation.
	ReleaseRow struct {
		ID        ReleaseID      `json:"id"`
		Study     StudyID        `json:"study"`
		Person    PersonID       `json:"person"`
		Signer    PersonID       `json:"signer,omitempty"` // whose key signs and opens it, if not Person's: who was merged into Person
		State     ReleaseState   `json:"state"`
		Secret    WrappedKey     `json:"secret"`
		Price     Wei            `json:"priceWei"`
		Series    []SeriesID     `json:"series,omitempty"` // of the study that it is made of, sorted; none: all
		Terms     Terms          `json:"terms"`            // of its offer
		Author    *PlannedAuthor `json:"author,omitempty"`
		Until     time.Time      `json:"until,omitzero"`      // when the co-creator can agree at the latest; zero: nobody was asked
		Asked     uint64         `json:"asked,omitempty"`     // Seq of the event that asked
		Accepted  time.Time      `json:"accepted,omitzero"`   // when they agreed
		ForAuthor bool           `json:"forAuthor,omitempty"` // who keeps the node agreed in their name
		Profile   string         `json:"profile,omitempty"`   // the de-identification profile's file; "" for what was made before there were any
		Draft     bool           `json:"draft,omitempty"`     // made ahead, and not for sale yet
		Unoffered bool           `json:"unoffered,omitempty"` // it goes on the chain, and no order is signed for it until one is asked for
		Manifest  CID            `json:"manifest,omitempty"`
		Keys      []WrappedKey   `json:"keys,omitempty"`
		Tier      Tier           `json:"tier"`
		Instances int            `json:"instances"`
		Withheld  map[Reason]int `json:"withheld,omitempty"`
		Reason    Reason         `json:"reason,omitempty"`   // of a refusal
		Reviewed  int            `json:"reviewed,omitempty"` // instances that persons let through
		Decided   uint64         `json:"decided,omitempty"`  // the Seq of the newest decision of the review that it was made by
		Faces     []Defaced      `json:"faces,omitempty"`    // series out of which a face was taken, or could not be
		Asset     Asset          `json:"asset"`
		Roles     []string       `json:"roles,omitempty"` // of Asset.Split, in its order
		Opening   []byte         `json:"opening,omitempty"`
		Risk      *Risk          `json:"risk,omitempty"`    // as it was counted last; nil: never
		Quality   *Quality       `json:"quality,omitempty"` // as it was judged last; nil: never
		Sample    []byte         `json:"sample,omitempty"`  // some of the keyed fingerprints of its pixels
		Token     TokenID        `json:"token"`
		Tx        Hash           `json:"tx"`
		Gas       uint64         `json:"gas"`
		Seq       uint64         `json:"seq"` // its released event
		Updated   time.Time      `json:"updated"`
	}
	// OrderRow is one offer of this node's persons, with the trades that came of it. State,
	// Buyer, Trade, Answer, UseEnds, Tx, Payouts and Settled are those of the trade that moved
	// last: of an offer of one copy, of the only one.
	OrderRow struct {
		Hash      Hash       `json:"hash"`
		Release   ReleaseID  `json:"release"`
		Person    PersonID   `json:"person"`
		Token     TokenID    `json:"token"`
		Price     Wei        `json:"priceWei"`
		Offer     []byte     `json:"offer"`
		Copies    uint32     `json:"copies"`              // how often it can be filled; zero is without limit
		Cancelled bool       `json:"cancelled,omitempty"` // its seller ended what was not filled of it
		Trades    []SoldRow  `json:"trades,omitempty"`    // whose key was given or whose money moved, in the order first seen
		State     TradeState `json:"state"`               // Cancelled too if it was, and not of one copy
		Buyer     Address    `json:"buyer"`
		Trade     Hash       `json:"trade,omitzero"`   // its name; absent: nobody asked for the key yet
		Answer    []byte     `json:"answer,omitempty"` // the KeyAnswer that was given, JSON
		Revoked   bool       `json:"revoked"`          // all of it
		UseEnds   time.Time  `json:"useEnds,omitzero"` // when the days of its licence are over; zero: no end, or nothing was settled yet
		Over      bool       `json:"over,omitempty"`   // it is revoked because they were
		Tx        Hash       `json:"tx"`
		Payouts   []Payout   `json:"payouts,omitempty"`
		Settled   time.Time  `json:"settled,omitzero"` // when its payouts were made; zero before
		Updated   time.Time  `json:"updated"`
	}
	// SoldRow is one trade of an order: one copy that was sold.
	SoldRow struct {
		Trade   Hash       `json:"trade"` // its name, and that of the licence; zero: of version 1
		Buyer   Address    `json:"buyer"`
		State   TradeState `json:"state"`
		Answer  []byte     `json:"answer,omitempty"`  // the KeyAnswer that was given, JSON
		Granted time.Time  `json:"granted,omitzero"`  // when it was; zero: it was not
		Revoked bool       `json:"revoked,omitempty"` // the person ended its grant
		Over    bool       `json:"over,omitempty"`    // because the days of its licence were over
		UseEnds time.Time  `json:"useEnds,omitzero"`
		Tx      Hash       `json:"tx"`
		Payouts []Payout   `json:"payouts,omitempty"`
		Settled time.Time  `json:"settled,omitzero"`
	}
	// PurchaseRow is one trade on the buyer's node.
	PurchaseRow struct {
		Order     Hash       `json:"order"`
		Trade     Hash       `json:"trade,omitzero"`     // its name, which is that of the licence too; absent: of version 1
		Paid      Wei        `json:"paidWei,omitzero"`   // the price that it was settled at
		ByWallet  bool       `json:"byWallet,omitempty"` // an account of the buyer's own was asked to pay: the node does not
		SentTx    Hash       `json:"sentTx,omitzero"`    // what its wallet said that it sent; zero: nothing is known
		SentAt    time.Time  `json:"sentAt,omitzero"`    // when it said so
		Request   Hash       `json:"request,omitzero"`   // that it answers: the node's own account buys, out of the request's money
		Auction   Hash       `json:"auction,omitzero"`   // that the node's own account bid in: its bid pays, and Paid is the newest
		Token     TokenID    `json:"token"`
		Step      string     `json:"step"` // planned, funded, filled, answered, delivered, fetched, released, refunded, halved, decided, lost
		Offer     []byte     `json:"offer"`
		Secret    WrappedKey `json:"secret"` // of the one-order keys; to the node
		Key       WrappedKey `json:"key"`    // the payload's CEK; to the node
		Answer    []byte     `json:"answer,omitempty"`
		UseEnds   time.Time  `json:"useEnds,omitzero"` // when the days of its licence are over; zero: no end, or nothing was delivered yet
		FillTx    Tx         `json:"fillTx"`
		DeliverTx Tx         `json:"deliverTx"`
		ReleaseTx Tx         `json:"releaseTx"`
		Payouts   []Payout   `json:"payouts,omitempty"`
		Updated   time.Time  `json:"updated"`
	}
	// ReviewRow is one item of the review, with what was said of it so far.
	ReviewRow struct {
		ReviewItem
		Study   StudyID         `json:"study"`
		Person  PersonID        `json:"-"`       // its study's
		Release ReleaseID       `json:"release"` // the newest that brought it
		State   ReviewState     `json:"state"`
		Said    []ReviewOpinion `json:"said,omitempty"`   // the newest of each actor, oldest first
		Seq     uint64          `json:"seq"`              // of the event that brought it to its state
		Decided uint64          `json:"decided"`          // Seq of the newest decision that changes what is released, 0 if none did
		Lapsed  uint64          `json:"lapsed,omitempty"` // the Seq of the event that a template of its device was removed by: earlier approvals hold no longer
		Created time.Time       `json:"created"`
		Updated time.Time       `json:"updated"`
	}
	// ReviewOpinion is what one actor said last.
	ReviewOpinion struct {
		By       string      `json:"by"`
		Decision Decision    `json:"decision"`
		Boxes    []ReviewBox `json:"boxes,omitempty"`
		At       time.Time   `json:"at"`
		Seq      uint64      `json:"seq"` // of the event
	}
	// ReviewBox is a rectangle of one frame, in pixels from the top left; X1 and Y1
	// are outside. Frame counts from 0; -1 is every frame.
	ReviewBox struct {
		Frame int `json:"frame"`
		X0    int `json:"x0"`
		Y0    int `json:"y0"`
		X1    int `json:"x1"`
		Y1    int `json:"y1"`
	}
	// BearerRow is one bearer token. The token itself is never stored.
	BearerRow struct {
		Hash    string    `json:"hash"` // sha256 of the token, hex
		Role    Role      `json:"role"`
		Person  PersonID  `json:"person,omitempty"`
		Expires time.Time `json:"expires"`
		// Research says that it is used for research: who is shown de-identified copies by
		// it treats nobody by them.
		Research bool `json:"research,omitempty"`
	}
)

// Custodian is whose key signs and opens a release.
func (r ReleaseRow) Custodian() KeyID {
	if r.Signer != "" {
		return PersonKey(r.Signer)
	}
	return PersonKey(r.Person)
}

// ReleaseState is how far a derivative has come.
type ReleaseState string

// The states of a release, in order; refused is final.
const (
	ReleaseIsAwaiting   ReleaseState = "awaiting" // a co-creator's answer
	ReleaseIsPlanned    ReleaseState = "planned"
	ReleaseIsStored     ReleaseState = "stored"
	ReleaseIsRegistered ReleaseState = "registered"
	ReleaseIsRefused    ReleaseState = "refused"
)

// ReviewState is how far the review of an item has come.
type ReviewState string

// The states of an item. What is withheld ends approved, redacted or refused, a sample
// ends leaking or sound; refused and leaking are final.
const (
	ReviewIsOpen     ReviewState = "open"
	ReviewIsApproved ReviewState = "approved"
	ReviewIsRedacted ReviewState = "redacted" // approved with more of it blanked
	ReviewIsRefused  ReviewState = "refused"
	ReviewIsLeaking  ReviewState = "leaking" // something in it may identify
	ReviewIsSound    ReviewState = "sound"
)

// Decision is what a person says of an item.
type Decision string

// The decisions: the first three on what is withheld, the others on a sample.
const (
	DecisionApprove Decision = "approve"
	DecisionRedact  Decision = "redact"
	DecisionRefuse  Decision = "refuse"
	DecisionLeak    Decision = "leak"
	DecisionNoLeak  Decision = "no-leak"
)

// Sample reports whether an item is one of those that were released, and are looked at
// for quality.
func (i ReviewItem) Sample() bool { return len(i.Reasons) == 0 }

// Boxes are those of everybody who drew some, together.
func (r ReviewRow) Boxes() []ReviewBox {
	var out []ReviewBox
	for _, said := range r.Said {
		for _, box := range said.Boxes {
			if !slices.Contains(out, box) {
				out = append(out, box)
			}
		}
	}
	return out
}

// Role is what a bearer token may do.
type Role string

// The roles.
const (
	RoleOwner     Role = "owner"     // of one person: everything of theirs, nothing of others
	RoleOperator  Role = "operator"  // works the archive; opens no asset, sells nothing
	RoleClinician Role = "clinician" // reads what the institution treats
	RoleBuyer     Role = "buyer"     // trades on the buying side
	RoleAuditor   Role = "auditor"   // reads the log
	RoleMember    Role = "member"    // of the community
	RoleReplica   Role = "replica"   // brings its own blocks to be held, and gets them back; nothing else
)

// Meta is the index. It is a projection: Reset and replay the journal, and it is
// as before. Suite: metatest.
type Meta interface {
	// Tx runs fn in one transaction: all or nothing. Writers are serial.
	Tx(ctx context.Context, fn func(MetaTx) error) error
	// View runs fn on one consistent snapshot; its Save methods fail.
	View(ctx context.Context, fn func(MetaTx) error) error
	// Reset empties the index.
	Reset(ctx context.Context) error
	// Scrub takes what was erased, changed or deleted out of the files too.
	Scrub(ctx context.Context) error
	// Check looks for damage: ErrCorrupt if a page fails.
	Check(ctx context.Context) error
	Close() error
}

// MetaTx is one transaction on the index. Finders return ErrNotFound. Save
// inserts or replaces by ID; lists are in the order named and stop at fn's
// error.
type MetaTx interface {
	// Cursor is the number of events applied so far.
	Cursor() (uint64, error)
	SetCursor(next uint64) error

	SavePerson(PersonRow) error
	Person(PersonID) (PersonRow, error)
	PersonByMatch(match string) (PersonRow, error) // of a merged person, the one they were merged into
	Persons(fn func(PersonRow) error) error        // by ID

	// SaveInstance files an instance with its series and study, and keeps their
	// counts. A study or series that is there already stays as it is, saving the
	// same instance ID again changes nothing, and one that was removed by a later
	// event stays away.
	SaveInstance(StudyRow, SeriesRow, InstanceRow) error
	// RemoveInstance takes an instance out, as event seq says, and its series and
	// study with it when they are left empty. One that is not there stays away too.
	RemoveInstance(id InstanceID, seq uint64) error
	// SaveKeys replaces the wrapped keys of an instance; ErrNotFound if it is not there.
	SaveKeys(id InstanceID, keys []WrappedKey) error
	Instance(InstanceID) (InstanceRow, error) // Person is its study's
	InstanceByFingerprint(person PersonID, fingerprint string) (InstanceRow, error)
	InstancesByUID(uid string, fn func(InstanceRow) error) error // by Seq; for conflicts
	Instances(study StudyID, fn func(InstanceRow) error) error   // by series UID, number, UID, Seq

	// Find calls fn with what a query finds, in an order that stays the same as
	// long as nothing is added: studies by their date and time, newest first, those
	// without a date last; patients by their newest study; series and instances by
	// their numbers and UIDs below their study. ErrInvalid if a value cannot be one
	// of its key.
	//
	// Keys are those of PS3.4 C.6.1.1 and PS3.18 Table 10.6.1-5: single value, list,
	// wild card (never of UIDs, dates, times, numbers), range (dates, times) and
	// universal matching (PS3.4 C.2.2.2). Person names match without case, in any of
	// their component groups. A date or time that is stored malformed matches none.
	// Keys of a level below the query's match everything, but at LevelStudy Modality
	// and SOP Class UID are asked of the study.
	Find(q Query, fn func(Found) error) error
	// SaveMetadata keeps an instance's DICOM JSON, inflated; ErrNotFound if the
	// instance is not there.
	SaveMetadata(id InstanceID, metadata []byte) error
	// Metadata calls fn with the metadata of a series' instances, by number, UID,
	// Seq, without those in conflict and those that have none.
	Metadata(series SeriesID, fn func(InstanceRow, []byte) error) error

	SaveStudy(StudyRow) error // leaves the counts as they are
	Study(StudyID) (StudyRow, error)
	Studies(person PersonID, fn func(StudyRow) error) error // newest import first; "" = all persons
	Series(study StudyID, fn func(SeriesRow) error) error   // by UID

	SaveQuarantine(QuarantineRow) error                      // by CID
	Quarantine(fn func(QuarantineRow) error) error           // by Seq
	QuarantineBySHA256(sha256 string) (QuarantineRow, error) // the newest

	SaveRelease(ReleaseRow) error
	Release(ReleaseID) (ReleaseRow, error)
	ReleaseByToken(TokenID) (ReleaseRow, error)
	Releases(person PersonID, fn func(ReleaseRow) error) error // in the order first saved; "" = all

	SaveOrder(OrderRow) error
	Order(Hash) (OrderRow, error)
	Orders(person PersonID, fn func(OrderRow) error) error // in the order first saved; "" = all

	SavePurchase(PurchaseRow) error
	Purchase(order Hash) (PurchaseRow, error)
	PurchaseByToken(TokenID) (PurchaseRow, error) // the newest
	Purchases(fn func(PurchaseRow) error) error   // in the order first saved

	SaveReview(ReviewRow) error
	Review(ReviewID) (ReviewRow, error) // Person is its study's; ErrNotFound if the study is not there
	// Reviews lists the items of a person ("": of all), or of one study of theirs, in
	// the order first saved, those after an item if one is named. Items of studies
	// that are not there are left out.
	Reviews(person PersonID, study StudyID, after ReviewID, fn func(ReviewRow) error) error
	SaveStratum(Stratum) error           // by device, profile and plan
	Strata(fn func(Stratum) error) error // by device, profile and plan

	SaveTemplate(TemplateRow) error
	Template(TemplateID) (TemplateRow, error)
	Templates(fn func(TemplateRow) error) error // in the order first saved; those that were removed too

	SaveShare(ShareRow) error
	Share(ShareID) (ShareRow, error)
	Shares(person PersonID, fn func(ShareRow) error) error // in the order first saved; "" = all

	SaveBearer(BearerRow) error
	Bearer(hash string) (BearerRow, error)

	SaveCredential(CredentialRow) error  // ErrExists if another has its key
	RemoveCredential(CredentialID) error // one that is not there is no error
	Credential(CredentialID) (CredentialRow, error)
	CredentialByKey(key string) (CredentialRow, error)
	Credentials(account string, fn func(CredentialRow) error) error // in the order first saved; "" = all

	SaveAE(AERow) error
	RemoveAE(title string) error // one that is not there is no error
	AE(title string) (AERow, error)
	AEs(fn func(AERow) error) error // by title

	// SavePublic marks a block as public: part of a sealed object that its owner listed.
	SavePublic(CID) error
	RemovePublic(CID) error // one that is not marked is no error
	Public(CID) (bool, error)

	// EventsOf lists the Seq of events that concern a person or a subject (an
	// opaque id), oldest first. SaveEvent records them.
	SaveEvent(seq uint64, person PersonID, subjects ...string) error
	EventsOf(person PersonID, subject string, fn func(seq uint64) error) error

	// EraseStudy takes out all that is known of a study: its series, instances, items of
	// review, shares, releases and their orders. ErasePerson takes out a person with what
	// they sign in by; studies are erased before. Neither leaves a trace in the files.
	// What is not there is no error.
	EraseStudy(StudyID) error
	ErasePerson(PersonID) error
	EraseQuarantine(CID) error
	// EraseEvents takes persons and subjects off the events from one Seq to before
	// another, and forgets the instances that they took out.
	EraseEvents(from, to uint64) error

	SaveErasure(ErasureRow) error             // by Seq
	Erasures(fn func(ErasureRow) error) error // by Seq
}
