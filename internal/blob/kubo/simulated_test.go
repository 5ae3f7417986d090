package kubo_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"sinso.dev/sinso"
)

// simulated answers the calls that the engine makes as Kubo v0.43.0 does.
type simulated struct {
	url string

	mu     sync.Mutex // guards what follows
	blocks map[[32]byte][]byte
	pins   map[string]bool
	files  map[string]string
	paths  map[string]http.HandlerFunc // answered otherwise
}

func newSimulated(t *testing.T) *simulated {
	t.Helper()
	s := &simulated{blocks: map[[32]byte][]byte{}, pins: map[string]bool{}, files: map[string]string{}, paths: map[string]http.HandlerFunc{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = "kubo:" + server.URL
	return s
}

// hostile has calls of one path answered otherwise.
func (s *simulated) hostile(path string, answer http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paths[path] = answer
}

// failed answers as Kubo does when a call fails.
func failed(w http.ResponseWriter, why string) {
	w.WriteHeader(http.StatusInternalServerError)
	_ = json.NewEncoder(w).Encode(map[string]any{"Message": why, "Code": 0, "Type": "error"})
}

func digest(cid string) [32]byte {
	b, err := sinso.CID(cid).Bytes()
	if err != nil {
		return [32]byte{}
	}
	return [32]byte(b[4:])
}

func (s *simulated) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/api/v0/")
	var file []byte
	if f, _, err := r.FormFile("file"); err == nil {
		file, _ = io.ReadAll(f)
	}
	_, _ = io.Copy(io.Discard, r.Body)
	s.mu.Lock()
	hostile := s.paths[path]
	s.mu.Unlock()
	if r.Method != http.MethodPost {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	if hostile != nil {
		hostile(w, r)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer(w, path, r.URL.Query().Get, r.URL.Query()["arg"], file)
}

func (s *simulated) answer(w http.ResponseWriter, path string, option func(string) string, args []string, file []byte) {
	first := ""
	if len(args) > 0 {
		first = args[0]
	}
	switch path {
	case "config":
		_, _ = fmt.Fprint(w, `{"Key":"Datastore.Spec","Value":{"mounts":[{"sync": true}]}}`)
	case "block/put":
		codec := map[string]sinso.Codec{"raw": sinso.CodecRaw, "dag-pb": sinso.CodecDagPB}[option("cid-codec")]
		cid := sinso.CIDOf(codec, file)
		s.blocks[digest(string(cid))] = file
		_, _ = fmt.Fprintf(w, `{"Key":%q,"Size":%d}`, cid, len(file))
	case "block/get":
		data, ok := s.blocks[digest(first)]
		if !ok {
			failed(w, "block was not found locally (offline): ipld: could not find "+first)
			return
		}
		_, _ = w.Write(data)
	case "block/rm":
		for _, cid := range args {
			if !s.pins[cid] {
				delete(s.blocks, digest(cid))
			}
		}
	case "pin/add":
		if _, ok := s.blocks[digest(first)]; !ok || option("recursive") != "false" {
			failed(w, "pin: block was not found locally (offline): ipld: could not find "+first)
			return
		}
		s.pins[first] = true
	case "pin/rm":
		if !s.pins[first] {
			failed(w, "not pinned or pinned indirectly")
			return
		}
		delete(s.pins, first)
	case "pin/ls":
		s.answerPins(w, first)
	default:
		s.answerFiles(w, path, strings.TrimPrefix(first, "/sinso/names/"), string(file))
	}
}

func (s *simulated) answerPins(w http.ResponseWriter, cid string) {
	if cid != "" && !s.pins[cid] {
		failed(w, "path '"+cid+"' is not pinned")
		return
	}
	for pin := range s.pins {
		if cid == "" {
			_, _ = fmt.Fprintf(w, "{\"Cid\":%q,\"Type\":\"direct\"}\n", pin)
		}
	}
	if cid == "" {
		_, _ = fmt.Fprintln(w, `{"Cid":"QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn","Type":"direct"}`)
	}
}

func (s *simulated) answerFiles(w http.ResponseWriter, path, name, file string) {
	text, there := s.files[name]
	switch {
	case path == "files/write":
		s.files[name] = file
	case !there && path == "files/rm":
		w.Header().Set("Trailer", "X-Stream-Error")
		_, _ = fmt.Fprintf(w, "%q\n", "/sinso/names/"+name+": file does not exist")
		w.Header().Set("X-Stream-Error", "can't remove some files")
	case !there:
		failed(w, "/sinso/names/"+name+": file does not exist")
	case path == "files/read":
		_, _ = fmt.Fprint(w, text)
	case path == "files/rm":
		delete(s.files, name)
	}
}
