package dicomweb

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/json"
	"sinso.dev/sinso/internal/wire/multipart"
)

// maxDescribed bounds a request that stores metadata with bulk data: any part may
// belong to any object, so all of it is in memory until the last one came. Such requests
// are read one at a time.
const maxDescribed = 256 << 20

// described takes metadata in DICOM JSON with its bulk data in parts of their own,
// named by Content-Location (PS3.18 §10.5.1.2).
func (s *storing) described(r *multipart.Reader) error {
	select {
	case s.describing <- struct{}{}:
		defer func() { <-s.describing }()
	case <-s.ctx().Done():
		return s.ctx().Err()
	}
	var objects [][]byte
	bulk := map[string]multipart.Part{}
	total := 0
	for {
		part, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return broken(err)
		}
		if total += len(part.Body); total > maxDescribed {
			return refused(http.StatusRequestEntityTooLarge, sinso.ErrInvalid, "metadata with bulk data is taken up to 256 MiB; send more as application/dicom")
		}
		if err := place(part, &objects, bulk); err != nil {
			return err
		}
	}
	if len(objects) > maxStored {
		return invalid("there are too many objects in the request")
	}
	for _, object := range objects {
		plain, err := assemble(object, bulk)
		if err != nil {
			s.results = append(s.results, &stored{failure: reasonUnreadable})
			continue
		}
		s.take(plain)
	}
	return nil
}

// place takes a part as metadata or as bulk data.
func place(part multipart.Part, objects *[][]byte, bulk map[string]multipart.Part) error {
	media, err := multipart.ParseMedia(part.Header.Get("Content-Type"))
	if err == nil && (media.Type == jsonType || media.Type == plainJSON) {
		more, err := json.Split(part.Body)
		*objects = append(*objects, more...)
		return err
	}
	name := part.Header.Get("Content-Location")
	if _, twice := bulk[name]; twice || name == "" {
		return invalid("a part of bulk data has no Content-Location, or that of another")
	}
	bulk[name] = part
	return nil
}

// assemble makes a Part 10 file of metadata and the bulk data it names.
func assemble(object []byte, bulk map[string]multipart.Part) ([]byte, error) {
	syntax, compressed := dicom.ExplicitLittleEndian, false
	ds, err := json.Decode(object, func(uri string) ([]byte, error) {
		part, ok := bulk[uri]
		if !ok {
			return nil, fmt.Errorf("dicomweb: bulk data that no part has: %w", sinso.ErrInvalid)
		}
		if uid := syntaxOfPart(part.Header.Get("Content-Type")); uid != "" {
			syntax, compressed = uid, true
		}
		return part.Body, nil
	})
	if err != nil {
		return nil, err
	}
	if pixels := ds.Find(tagPixelData); compressed && pixels != nil {
		frame := pixels.Value
		ds.Set(dicom.DataElement{Tag: tagPixelData, VR: dicom.VROB, Fragments: [][]byte{{}, frame}})
	}
	return dicom.Encode(syntax, ds)
}

// syntaxOfPart returns the transfer syntax of compressed bulk data, "" for what is
// native (PS3.18 §8.7.3.3).
func syntaxOfPart(contentType string) string {
	media, err := multipart.ParseMedia(contentType)
	if err != nil || media.Type == octetType {
		return ""
	}
	uid := strings.TrimSpace(media.Params["transfer-syntax"])
	if uid == "" {
		uid = defaultSyntax[media.Type]
	}
	if s, known := dicom.SyntaxByUID(uid); !known || !s.Encapsulated {
		return ""
	}
	return uid
}
