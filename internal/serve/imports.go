package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/stage/ingest"
	"sinso.dev/sinso/internal/way"
)

// maxParts is how many files one form may hold.
const maxParts = 20_000

// importUpload takes an upload in. It is on disk while it is read, in a folder
// of its own that goes with the request; the names that the caller gave are no
// part of a path.
func (c *call) importUpload(progress func(way.ImportResult)) (way.ImportResult, error) {
	person, err := c.scope(auth.Import)
	if err != nil {
		return way.ImportResult{}, err
	}
	research := c.caller.Research
	if text := c.r.URL.Query().Get("research"); text != "" {
		if research, err = strconv.ParseBool(text); err != nil {
			return way.ImportResult{}, invalid("research must be true or false")
		}
	}
	said := max(c.r.ContentLength, 1)
	unclaim, err := c.claimRoom(c.ctx(), c.caller.Person, said)
	if err != nil {
		return way.ImportResult{}, err
	}
	defer unclaim()
	leave, err := c.uploads.try(c.uploader())
	if err != nil {
		return way.ImportResult{}, err
	}
	defer leave()
	dir, err := os.MkdirTemp(c.cfg.Temp, uploadPrefix)
	if err != nil {
		return way.ImportResult{}, fmt.Errorf("serve: make a folder for the upload: %w", sinso.ErrUnavailable)
	}
	defer func() { _ = os.RemoveAll(dir) }() // else the next start removes it
	u := &uploaded{dir: dir, walker: c.way.Walker()}
	if err := c.receive(u); err != nil {
		return way.ImportResult{}, err
	}
	unclaimRest, err := c.claimAll(c.ctx(), c.caller.Person, said, u.walk)
	if err != nil {
		return way.ImportResult{}, err
	}
	defer unclaimRest()
	result, err := c.way.Import(c.ctx(), u.walk, c.importing(person, research, progress))
	return whole(result), err
}

// importing is an import of the caller's.
func (c *call) importing(person sinso.PersonID, research bool, progress func(way.ImportResult)) way.ImportOptions {
	return way.ImportOptions{
		Actor: c.caller.ID, Person: person, Research: research,
		Progress: func(r way.ImportResult) {
			if r.Files > 0 {
				progress(whole(r))
			}
		},
	}
}

// whole gives a result that is no null in JSON.
func whole(r way.ImportResult) way.ImportResult {
	if r.Studies == nil {
		r.Studies = []sinso.StudyID{}
	}
	if r.Reasons == nil {
		r.Reasons = map[sinso.Reason]int{}
	}
	return r
}

// uploaded are the files of one upload.
type uploaded struct {
	dir    string
	files  []uploadedFile
	walker ingest.Walker
}

type uploadedFile struct {
	path string
	name sinso.PHI[string] // as the caller named it
}

// receive writes the body to disk, file by file.
func (c *call) receive(u *uploaded) error {
	if c.r.ContentLength > c.maxForm() {
		return &http.MaxBytesError{Limit: c.maxForm()}
	}
	media, params, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil {
		return errUploadType
	}
	switch media {
	case "application/dicom", "application/zip", "application/octet-stream":
		return u.save(c.r.Body, "upload")
	case "multipart/form-data":
		if params["boundary"] == "" {
			return invalid("the form has no boundary")
		}
		if err := u.saveForm(multipart.NewReader(c.r.Body, params["boundary"])); err != nil {
			return err
		}
		// What may follow a form ends the body: only then is its watch over, and a
		// caller who goes away noticed.
		_, err := io.Copy(io.Discard, c.r.Body)
		if err != nil {
			return broken(err)
		}
		return nil
	}
	return errUploadType
}

var errUploadType = refused(http.StatusUnsupportedMediaType, sinso.ErrInvalid,
	"this route takes application/dicom, application/zip, or multipart/form-data with files")

func (u *uploaded) saveForm(form *multipart.Reader) error {
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return broken(err)
		}
		if part.FileName() == "" {
			return invalid("the form has a field that is no file")
		}
		if len(u.files) == maxParts {
			return invalid("the form has more than " + strconv.Itoa(maxParts) + " files; send a zip")
		}
		if err := u.save(part, part.FileName()); err != nil {
			return err
		}
	}
}

// save writes one file under a name of ours.
func (u *uploaded) save(from io.Reader, name string) error {
	// A zip is told by its name where size matters (ingest.Walk); that it is one,
	// by its first bytes.
	extension := ""
	if strings.EqualFold(filepath.Ext(name), ".zip") || name == "upload" {
		extension = ".zip"
	}
	path := filepath.Join(u.dir, fmt.Sprintf("%05d%s", len(u.files), extension))
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // a name of ours, in a folder of ours
	if err != nil {
		return fmt.Errorf("serve: keep the upload: %w", sinso.ErrUnavailable)
	}
	body := &reading{Reader: from}
	_, err = io.Copy(file, body)
	if closing := file.Close(); err == nil {
		err = closing
	}
	switch {
	case body.err != nil:
		return broken(body.err)
	case err != nil:
		return fmt.Errorf("serve: the upload does not fit on the disk: %w", sinso.ErrUnavailable)
	}
	u.files = append(u.files, uploadedFile{path, sinso.NewPHI(name)})
	return nil
}

// reading keeps the error of the side that is read, to tell it from the disk's.
type reading struct {
	io.Reader
	err error
}

// Read implements [io.Reader].
func (r *reading) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

// walk is the source of an import: the files under the names that their owner
// knows them by.
func (u *uploaded) walk(ctx context.Context, fn func(ingest.Found) error) error {
	for _, file := range u.files {
		err := u.walker.Walk(ctx, []string{file.path}, func(found ingest.Found) error {
			// Revealed into the name that stays with the item: our path goes, what
			// the owner called it, and what a zip calls its entry, stays.
			entry := strings.TrimPrefix(found.Item.Name.Reveal(), file.path)
			found.Item.Name = sinso.NewPHI(file.name.Reveal() + entry)
			return fn(found)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// newImport names files of this machine.
type newImport struct {
	Paths  []string       `json:"paths" nullable:"false"`
	Person sinso.PersonID `json:"person,omitempty"` // whose they are; "": by the patient identity in each
	// Research: what is a derivative is filed as research data.
	Research bool `json:"research,omitempty"`
	// Ask: nothing is filed while somebody has to be asked whose it is.
	Ask  bool       `json:"ask,omitempty"`
	Said []way.Said `json:"said,omitempty"` // what they answered
}

// importedPaths is what became of them.
type importedPaths struct {
	way.ImportResult

	Asks []patientView `json:"asks" nullable:"false"` // about whom somebody has to be asked; then nothing is filed
}

func (c *call) importPaths(in newImport, progress func(way.ImportResult)) (out importedPaths, err error) {
	if err := c.named(in); err != nil {
		return out, err
	}
	source := func(ctx context.Context, fn func(ingest.Found) error) error {
		return c.way.Walker().Walk(ctx, in.Paths, func(found ingest.Found) error {
			if c.cfg.Own(found.Item.Name.Reveal()) { // goes nowhere: it is compared with our own names
				return nil
			}
			return fn(found)
		})
	}
	out.Asks = []patientView{}
	o := c.importing(in.Person, in.Research, progress)
	if !in.Ask {
		out.ImportResult, err = c.way.Import(c.ctx(), source, o)
		out.ImportResult = whole(out.ImportResult)
		return out, err
	}
	var asked []sinso.AskedPatient
	out.ImportResult, asked, err = c.way.ImportAsking(c.ctx(), source, o, in.Said)
	out.ImportResult = whole(out.ImportResult)
	if err != nil || len(asked) == 0 {
		return out, err
	}
	table := newPatientTable(c)
	for _, one := range asked {
		table.asks(one)
	}
	err = table.label()
	out.Asks = table.rows
	return out, err
}

// named checks what is to be imported.
func (c *call) named(in newImport) error {
	if len(in.Paths) == 0 {
		return invalid("no path is given")
	}
	for _, path := range in.Paths {
		if !filepath.IsAbs(path) {
			return invalid("a path must be absolute: the node stands in another folder")
		}
	}
	if in.Person == "" {
		return nil
	}
	_, err := c.personAsked(auth.Import, string(in.Person))
	return err
}
