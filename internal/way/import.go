package way

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/sync/errgroup"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/grade"
	"sinso.dev/sinso/internal/stage/ingest"
)

// Source calls fn with each file it has, from one goroutine.
type Source func(ctx context.Context, fn func(ingest.Found) error) error

// ImportOptions say on whose behalf an import is done.
type ImportOptions struct {
	Actor  string         // who imports, for the log
	Person sinso.PersonID // whose the data is; "": by the patient identity in each object
	Origin sinso.Origin   // "": self-asserted
	// DataSet says that the data set alone is the object: with the same one behind
	// other File Meta Information it is a duplicate. So it is for network services,
	// which carry none or make it anew (PS3.10 §7.1). A file is kept as it is.
	DataSet bool
	// Research says that derivatives may be among the objects: they are filed as research
	// data. Else they are refused.
	Research bool
	// Ask says that nobody vouches for whose the objects are: what is not known to be
	// Person's, or conflicts with what is known of a patient, is refused until somebody says
	// whose it is ([Way.AnswerPatient]).
	Ask bool
	// Arrival has seen the object's bytes while they came. Nil: nobody has.
	Arrival  *Arrival
	Progress func(ImportResult)
}

// ImportResult counts what became of each file. Files is the sum of Instances,
// Duplicates, Conflicts, Quarantined and Skipped.
type ImportResult struct {
	Files       int                  `json:"files"`
	Instances   int                  `json:"instances"`
	Duplicates  int                  `json:"duplicates"`
	Conflicts   int                  `json:"conflicts"`
	Quarantined int                  `json:"quarantined"`
	Skipped     int                  `json:"skipped"`
	Bytes       int64                `json:"bytes"`    // of the files counted
	Patients    int                  `json:"patients"` // whom the files name that were not refused
	Studies     []sinso.StudyID      `json:"studies"`
	Reasons     map[sinso.Reason]int `json:"reasons"`
}

// Partly reports whether something was refused.
func (r ImportResult) Partly() bool { return r.Quarantined > 0 }

const (
	importWorkers   = 2        // read and seal; the machine's cores, as a rule
	importBatch     = 32       // objects acknowledged by one sync at most
	importBatchSize = 32 << 20 // bytes acknowledged by one sync, about
)

// Import takes files in: read, file under a person, grade, seal, acknowledge.
// What is refused goes to quarantine with its reason, and the rest goes on. What
// was acknowledged stays when an import is cut off; doing it again counts it as
// duplicate and ends the same.
func (w *Way) Import(ctx context.Context, source Source, o ImportOptions) (ImportResult, error) {
	if o.Origin == "" {
		o.Origin = sinso.OriginSelf
	}
	run := &importRun{filer: filer{w, o}, studies: map[sinso.StudyID]bool{}, patients: map[string]bool{}}
	run.result.Reasons = map[sinso.Reason]int{}
	if err := run.pipeline(ctx, source); err != nil {
		return run.result, err
	}
	for _, id := range slices.Sorted(maps.Keys(run.studies)) {
		if err := w.closeStudy(ctx, id, o.Actor, o.Origin); err != nil {
			return run.result, err
		}
		run.result.Studies = append(run.result.Studies, id)
	}
	return run.result, nil
}

// filer takes objects on somebody's behalf.
type filer struct {
	*Way
	o ImportOptions
}

// importRun is the state of one import. Everything but pipeline's workers runs
// in one goroutine, the committer.
type importRun struct {
	filer
	result   ImportResult
	studies  map[sinso.StudyID]bool
	patients map[string]bool // by match

	waiting     []taken // for the next batch
	waitingSize int64
	batch       []taken // to be acknowledged together
}

// taken is one object on its way from the workers to the committer.
type taken struct {
	size    int64
	refusal *ingest.RefusalError
	name    sinso.PHI[string]
	digest  string // SHA-256 of the bytes, hex: of what is refused, or may be yet
	sealed  sinso.Sealed
	study   sinso.StudyRow
	series  sinso.SeriesRow
	row     sinso.InstanceRow
	json    []byte        // its metadata
	meta    []byte        // the same, deflated; nil if it is not kept
	known   bool          // a duplicate, not sealed again
	done    chan struct{} // closed when it is in the log; or nil
	match   string        // of the patient it names

	note     *ingest.Note    // it is one
	rejected *sinso.Rejected // what it rejects, or what has rejected it
	follows  []sinso.Event   // what that ends
}

func (r *importRun) pipeline(ctx context.Context, source Source) error {
	group, ctx := errgroup.WithContext(ctx)
	jobs, ready := make(chan job), make(chan taken, importBatch)
	group.Go(func() error {
		defer close(jobs)
		return source(ctx, func(f ingest.Found) error {
			j := jobOf(f)
			select {
			case jobs <- j:
				return j.wait(ctx)
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
	workers, workCtx := errgroup.WithContext(ctx)
	for range importWorkers {
		workers.Go(func() error {
			for j := range jobs {
				t, err := r.take(workCtx, j.Found)
				if err != nil {
					return err
				}
				t.done = j.done
				select {
				case ready <- t:
				case <-workCtx.Done():
					return workCtx.Err()
				}
			}
			return nil
		})
	}
	group.Go(func() error {
		defer close(ready)
		return workers.Wait()
	})
	group.Go(func() error { return r.commitAll(ctx, ready) })
	return group.Wait()
}

// commitAll acknowledges objects as they come: a batch is closed when it is full
// or nothing more is waiting, so that a slow source is not made to wait.
func (r *importRun) commitAll(ctx context.Context, ready <-chan taken) error {
	for t := range ready {
		r.waiting, r.waitingSize = append(r.waiting, t), r.waitingSize+t.sealed.Size
		if len(ready) > 0 && len(r.waiting) < importBatch && r.waitingSize < importBatchSize && t.done == nil {
			continue
		}
		if err := r.commit(ctx); err != nil {
			return err
		}
	}
	return r.commit(ctx)
}

// take reads one file and seals it. Only a failure of the node is an error.
func (r filer) take(ctx context.Context, f ingest.Found) (taken, error) {
	t := taken{size: f.Item.Size(), name: f.Item.Name, refusal: f.Refusal}
	if f.Refusal != nil {
		return t, nil //nolint:nilerr // a refusal is counted, and the rest goes on
	}
	f.Item.Origin = r.o.Origin
	record, err := ingest.Read(f.Item)
	if err != nil {
		if !errors.As(err, &t.refusal) {
			return taken{}, err
		}
		return r.quarantine(ctx, t, f.Item)
	}
	if t.note, err = ingest.ReadNote(record); errors.As(err, &t.refusal) {
		return r.quarantine(ctx, t, f.Item)
	}
	if t.refusal, err = r.derivative(ctx, &record); err != nil {
		return taken{}, err
	}
	if t.refusal != nil {
		return r.quarantine(ctx, t, f.Item)
	}
	if r, t.refusal, err = r.decided(ctx, record.Header); err != nil {
		return taken{}, err
	}
	if t.refusal != nil {
		return r.quarantine(ctx, t, f.Item)
	}
	t.match = r.namer.Match(record.Header)
	person, err := r.person(ctx, record.Header, t.match)
	if errors.Is(err, sinso.ErrDenied) {
		t.refusal = refusalErased()
		return r.quarantine(ctx, t, f.Item)
	}
	if err != nil {
		return taken{}, err
	}
	err = r.file(&t, person, record)
	if err == nil && r.o.Person != "" && t.digest == "" { // settle may refuse it, when the bytes are sealed and gone
		t.digest, err = digestOf(f.Item)
	}
	if err == nil {
		t.known, err = r.has(ctx, person, t.row.Fingerprint)
	}
	if err == nil && !t.known {
		err = r.seal(ctx, &t, record.Bytes, record.Content, sinso.KeyInstitution, sinso.PersonKey(person))
	}
	if errors.As(err, &t.refusal) { // it cannot be read any more
		return r.quarantine(ctx, t, f.Item)
	}
	return t, err
}

const reasonErased = sinso.Reason("person-erased")

func refusalErased() *ingest.RefusalError {
	return &ingest.RefusalError{Reason: reasonErased, Detail: "this person's data was erased and their key destroyed; nothing more is filed for them, and nothing of it is kept", Skip: true}
}

// quarantine seals refused bytes to the institution: they are kept, and nobody
// but it can look at them.
func (r filer) quarantine(ctx context.Context, t taken, item sinso.Item) (taken, error) {
	if t.refusal.Reason == ingest.ReasonUnreadable {
		return t, nil // there are no bytes that could be kept
	}
	err := r.keep(ctx, &t, item)
	if errors.As(err, &t.refusal) { // meanwhile
		return t, nil
	}
	return t, err
}

func (r filer) keep(ctx context.Context, t *taken, item sinso.Item) (err error) {
	if t.digest == "" {
		if t.digest, err = digestOf(item); err != nil {
			return err
		}
	}
	if t.refusal.Skip || item.Size() == 0 {
		return nil
	}
	kept, err := r.keeps(ctx, t.digest)
	if err != nil || kept {
		return err
	}
	if t.sealed.CID != "" { // before it was refused
		t.sealed.Keys = noPersons(t.sealed.Keys)
		return nil
	}
	return r.seal(ctx, t, item.Bytes, item.Content, sinso.KeyInstitution)
}

// keeps reports whether these bytes are in quarantine, and were not taken in since.
func (w *Way) keeps(ctx context.Context, digest string) (bool, error) {
	row, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.QuarantineRow, error) { return tx.QuarantineBySHA256(digest) })
	if errors.Is(err, sinso.ErrNotFound) {
		return false, nil
	}
	return err == nil && row.Taken == "", err
}

// person finds or creates the person that an object belongs to.
func (r filer) person(ctx context.Context, h sinso.Header, match string) (sinso.PersonID, error) {
	if r.o.Person != "" {
		return r.o.Person, nil
	}
	// Revealed into the encrypted log and index: the label is the owner's.
	return r.CreatePerson(ctx, r.o.Actor, match, h.PatientName.Reveal())
}

// file fills the rows that the index keeps of a record.
func (r filer) file(t *taken, person sinso.PersonID, record sinso.Record) (err error) {
	h := record.Header
	origin := r.origin(person, h)
	study := r.namer.Study(origin, h)
	series := r.namer.Series(study, h)
	tier := grade.Original(h)
	if t.meta, err = r.deflater.deflate(record.Metadata); err != nil {
		return err
	}
	if t.meta != nil {
		t.json = record.Metadata
	}
	fingerprint, err := r.fingerprint(t, record)
	if err != nil {
		return err
	}
	// Revealed into the encrypted log and index, which never leave the node.
	t.study = sinso.StudyRow{
		ID: study, Person: person, UID: h.StudyUID.Reveal(),
		PatientID: h.PatientID.Reveal(), PatientName: h.PatientName.Reveal(),
		Date: h.StudyDate.Reveal(), Time: h.StudyTime.Reveal(), Accession: h.AccessionNumber.Reveal(),
		Description: h.StudyDescription.Reveal(), Origin: record.Origin, Tier: tier,
	}
	t.series = sinso.SeriesRow{
		ID: series, Study: study, UID: h.SeriesUID.Reveal(), Modality: h.Modality,
		BodyPart: h.BodyPart, Description: h.SeriesDescription.Reveal(),
	}
	t.row = sinso.InstanceRow{
		ID: r.namer.Instance(origin, h, fingerprint), Series: series, Study: study, Person: person,
		UID: h.InstanceUID.Reveal(), Fingerprint: fingerprint, SOPClass: h.SOPClassUID, Syntax: h.TransferSyntax,
		Number: h.InstanceNumber, Frames: h.Frames, Rows: h.Rows, Columns: h.Columns,
		Size: t.size, Tier: tier, Origin: record.Origin, Deidentified: h.Deidentified,
	}
	return nil
}

func (w *Way) has(ctx context.Context, person sinso.PersonID, fingerprint string) (bool, error) {
	_, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.InstanceRow, error) { return tx.InstanceByFingerprint(person, fingerprint) })
	if errors.Is(err, sinso.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// add puts an object into the batch and counts it. A worker saw no duplicate, but
// another batch, or another import, may have brought one since: the caller holds
// r.filing.
func (r *importRun) add(ctx context.Context, t taken) error {
	if err := r.meet(ctx, &t); err != nil {
		return err
	}
	r.result.Files++
	r.result.Bytes += t.size
	if t.refusal == nil {
		r.patients[t.match] = true
		r.result.Patients = len(r.patients)
	}
	switch {
	case t.refusal != nil:
		r.result.Reasons[t.refusal.Reason]++
		if t.refusal.Skip {
			r.result.Skipped++
			return nil
		}
		r.result.Quarantined++
		kept, err := r.keeps(ctx, t.digest)
		if err != nil || kept || t.sealed.CID == "" || r.inBatch(t) {
			return err // nothing to keep, or kept already
		}
	case t.known || r.inBatch(t):
		r.studies[t.row.Study] = true
		r.result.Duplicates++
		return nil
	default:
		known, err := r.has(ctx, t.row.Person, t.row.Fingerprint)
		if err != nil {
			return err
		}
		if !known {
			if refusal, err := r.erasedBefore(ctx, t.row.Study); refusal != nil || err != nil {
				r.result.Skipped++
				r.result.Reasons[ReasonErased]++
				return err
			}
		}
		r.studies[t.row.Study] = true
		if known {
			r.result.Duplicates++
			return nil
		}
		if t.row.Conflict, err = r.conflict(ctx, t.row); err != nil {
			return err
		}
		if t.row.Conflict {
			r.result.Conflicts++
		} else {
			r.result.Instances++
		}
	}
	r.batch = append(r.batch, t)
	return nil
}

func (r *importRun) inBatch(t taken) bool {
	return slices.ContainsFunc(r.batch, func(b taken) bool {
		return b.digest == t.digest && b.row.Fingerprint == t.row.Fingerprint && b.row.Person == t.row.Person && (b.refusal == nil) == (t.refusal == nil)
	})
}

// conflict reports whether another object with this SOP Instance UID is there:
// one UID names one object (PS3.5 §9), whoever's it is.
func (r *importRun) conflict(ctx context.Context, row sinso.InstanceRow) (bool, error) {
	if slices.ContainsFunc(r.batch, func(b taken) bool { return b.refusal == nil && b.row.UID == row.UID }) {
		return true, nil
	}
	return view(ctx, r.Way, func(tx sinso.MetaTx) (found bool, err error) {
		err = tx.InstancesByUID(row.UID, func(other sinso.InstanceRow) error {
			found = found || other.Fingerprint != row.Fingerprint
			return nil
		})
		return found, err
	})
}

// commit acknowledges what waits: sealed bytes, events and audit leaves by one sync.
func (r *importRun) commit(ctx context.Context) error {
	if err := r.acknowledge(ctx); err != nil {
		return err
	}
	for _, t := range r.waiting {
		if t.done != nil {
			close(t.done)
		}
	}
	r.waiting, r.waitingSize, r.batch = nil, 0, nil
	if r.o.Progress != nil {
		r.o.Progress(r.result)
	}
	return nil
}

func (r *importRun) acknowledge(ctx context.Context) error {
	r.filing.Lock()
	defer r.filing.Unlock()
	for _, t := range r.waiting {
		if t.note != nil { // what came before it is in the index when it is heeded
			if err := r.flush(ctx); err != nil {
				return err
			}
			if err := r.addNote(ctx, t); err != nil {
				return err
			}
			continue
		}
		if err := r.unclaimed(ctx, t); err != nil {
			return err
		}
		if err := r.add(ctx, t); err != nil {
			return err
		}
	}
	return r.flush(ctx)
}

// flush logs the batch.
func (r *importRun) flush(ctx context.Context) error {
	if len(r.batch) == 0 {
		return nil
	}
	var blocks []sinso.Block
	var events []sinso.Event
	var hand handover
	for _, t := range r.batch {
		more, sealed, err := r.events(t)
		if err != nil {
			return err
		}
		blocks, events = append(blocks, t.sealed.Blocks...), append(events, more...)
		if sealed != nil {
			hand.sealed = append(hand.sealed, sealed)
		}
	}
	r.batch = nil
	if err := r.log(ctx, hand, blocks, events...); err != nil {
		return err
	}
	return r.follow(ctx)
}

// unclaimed waits until no door brings this object: then it is in the log, or was
// given up. Nobody claims one while r.filing is held.
func (r *importRun) unclaimed(ctx context.Context, t taken) error {
	if t.refusal != nil {
		return nil //nolint:nilerr // nobody claims what is refused
	}
	same, other := r.claims.find(t.row)
	for _, c := range []*claim{same, other} {
		if c == nil {
			continue
		}
		if err := wait(ctx, c.done); err != nil {
			return fmt.Errorf("way: import: %w", err)
		}
	}
	return nil
}

// event is what is logged of an object, with its body if it is sealed as an instance.
func (r filer) event(t taken) (sinso.Event, *sealedBody, error) {
	if t.refusal != nil {
		person := r.o.Person
		if t.refusal.Release != "" { // they may know that a copy of theirs came back
			person = t.refusal.Person
		}
		event, err := r.entry(sinso.EventQuarantined, r.o.Actor, person, r.o.Origin, sinso.Quarantined{
			CID: t.sealed.CID, SHA256: t.digest, Size: t.size, Keys: t.sealed.Keys,
			Reason: t.refusal.Reason, Detail: t.refusal.Detail, Person: person, Release: t.refusal.Release, Patient: t.refusal.Patient,
			Name: t.name.Reveal(), // into the encrypted log: so that its owner finds the file again
		}, nil)
		return event, nil, err
	}
	sealed := &sealedBody{sinso.InstanceSealed{Instance: t.row, Series: t.series, Study: t.study, Metadata: t.meta}, t.json}
	event, err := r.entry(sinso.EventInstanceSealed, r.o.Actor, t.row.Person, r.o.Origin, sealed.InstanceSealed, nil)
	return event, sealed, err
}

// CreatePerson files a person and makes their key. The same match gives the same
// person; without a match the name is random.
func (w *Way) CreatePerson(ctx context.Context, actor, match, label string) (sinso.PersonID, error) {
	if match == "" {
		var random [32]byte
		if _, err := w.Rand.Read(random[:]); err != nil {
			return "", fmt.Errorf("way: randomness: %w", err)
		}
		match = "m_" + hex.EncodeToString(random[:])
	}
	id, newcomer, err := w.personOf(ctx, actor, match, label)
	if err != nil || newcomer == nil {
		return id, err
	}
	err = filer{Way: w}.logNewcomer(ctx, newcomer)
	newcomer.end(err == nil)
	if err != nil {
		return "", err
	}
	return id, w.follow(ctx)
}

// closeStudy seals the list of a study's instances, if it has grown since the
// last one: the study then has one CID by which all of it is found.
func (w *Way) closeStudy(ctx context.Context, id sinso.StudyID, actor string, origin sinso.Origin) error {
	return w.closeStudies(ctx, []listing{{id, actor, origin}})
}

// listing is a study to be listed, and who brought it.
type listing struct {
	study  sinso.StudyID
	actor  string
	origin sinso.Origin
}

// closeStudies does so for several, with one sync.
func (w *Way) closeStudies(ctx context.Context, studies []listing) error {
	w.filing.Lock()
	defer w.filing.Unlock()
	var blocks []sinso.Block
	var events []sinso.Event
	for _, l := range studies {
		sealed, event, err := w.list(ctx, l)
		if err != nil {
			return fmt.Errorf("way: study %s: %w", l.study, err)
		}
		if event.Type != "" {
			blocks, events = append(blocks, sealed...), append(events, event)
		}
	}
	if len(events) == 0 {
		return nil
	}
	return w.record(ctx, blocks, events...)
}

// list seals the list of a study's instances; without an event nothing has changed.
// The caller holds w.filing.
func (w *Way) list(ctx context.Context, l listing) (blocks []sinso.Block, event sinso.Event, err error) {
	if err := w.claims.await(ctx, l.study); err != nil {
		return nil, event, err
	}
	study, err := view(ctx, w, func(tx sinso.MetaTx) (sinso.StudyRow, error) { return tx.Study(l.study) })
	if errors.Is(err, sinso.ErrNotFound) { // all of it was rejected
		return nil, event, nil
	}
	if err != nil {
		return nil, event, err
	}
	instances, err := w.Instances(ctx, l.study)
	if err != nil || study.Manifest != "" && study.Listed == len(instances) {
		return nil, event, err
	}
	manifest, tier := sinso.Manifest{Version: sinso.ManifestVersion}, sinso.T3
	for i, row := range instances {
		key, err := w.sealer.Key(ctx, row.CID, row.Keys, sinso.KeyInstitution)
		if err != nil {
			return nil, event, err
		}
		tier = max(tier, row.Tier)
		manifest.Objects = append(manifest.Objects, sinso.ManifestObject{
			Name: objectName(i), Role: roleOriginal, CID: row.CID, Size: row.Size, Key: key[:],
		})
	}
	plain, err := json.Marshal(manifest)
	if err != nil {
		return nil, event, err
	}
	sealed, err := w.sealer.Seal(ctx, plain, sinso.KeyInstitution, sinso.PersonKey(study.Person))
	if err != nil {
		return nil, event, err
	}
	event, err = w.entry(sinso.EventImported, l.actor, study.Person, l.origin, sinso.StudyImported{
		Study: l.study, Instances: len(instances), Manifest: sealed.CID, Keys: sealed.Keys, Tier: tier,
	}, publicImport{Instances: len(instances)})
	return sealed.Blocks, event, err
}

// publicImport is what a buyer may see of an imported event: nothing of whose
// it is, or when.
type publicImport struct {
	Instances int `json:"instances"`
}

// objectName is a file name that says nothing.
func objectName(i int) string { return fmt.Sprintf("%04d.dcm", i+1) }
