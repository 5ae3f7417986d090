package dicomweb

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"sinso.dev/sinso"
)

// route is one line of the door.
type route struct {
	method, path string // the path behind Config.Base
	does         string // in the list of capabilities
	run          func(*call) error
	query        []string // parameters; "*" where the route reads them itself
	body         bool     // the request has one
}

const (
	study    = "/studies/{study}"
	series   = study + "/series/{series}"
	instance = series + "/instances/{instance}"
)

var (
	byAccept   = []string{"accept"}
	byPicture  = []string{"accept", "window", "viewport", "quality", "annotation", "iccprofile"}
	anyQuery   = []string{"*"}
	byPosition = []string{"after", "limit"}
)

// routes is the whole door.
func routes() []route {
	all := []route{
		{"GET", "/", "list what this door does", (*call).capabilities, nil, false},
		{"OPTIONS", "/", "list what this door does", (*call).capabilities, nil, false},
		{"POST", "/studies", "store", (*call).store, nil, true},
		{"POST", study, "store", (*call).store, nil, true},
		{"GET", "/changes", "follow changes", (*call).changes, byPosition, false},
		{"GET", "/wado", "retrieve by URI", (*call).wadoURI, anyQuery, false},
	}
	for path, level := range map[string]sinso.Level{
		"/studies": sinso.LevelStudy, "/series": sinso.LevelSeries, "/instances": sinso.LevelInstance,
		study + "/series": sinso.LevelSeries, study + "/instances": sinso.LevelInstance, series + "/instances": sinso.LevelInstance,
	} {
		all = append(all, route{"GET", path, "search", func(c *call) error { return c.search(level) }, anyQuery, false})
	}
	for _, path := range []string{study, series, instance} {
		all = append(all,
			route{"GET", path, "retrieve", (*call).retrieve, byAccept, false},
			route{"GET", path + "/metadata", "retrieve metadata", (*call).metadata, byAccept, false},
			route{"GET", path + "/thumbnail", "retrieve a thumbnail", (*call).thumbnail, byPicture, false},
			route{"DELETE", path, "withdraw", (*call).reject, nil, false})
	}
	return append(all,
		route{"GET", instance + "/rendered", "retrieve as a picture", (*call).rendered, byPicture, false},
		route{"GET", instance + "/frames/{frames}", "retrieve frames", (*call).frames, byAccept, false},
		route{"GET", instance + "/frames/{frames}/rendered", "retrieve a frame as a picture", (*call).rendered, byPicture, false},
		route{"GET", instance + "/frames/{frames}/thumbnail", "retrieve a thumbnail", (*call).thumbnail, byPicture, false},
		route{"GET", instance + "/bulkdata/*", "retrieve bulk data", (*call).bulkData, byAccept, false},
	)
}

// newRouter serves the routes. HEAD is not among them: an answer's length would
// have to be known without opening the object.
func (s *Server) newRouter() *chi.Mux {
	m := chi.NewRouter()
	for _, rt := range routes() {
		m.MethodFunc(rt.method, s.cfg.Base+rt.path, s.serve(rt))
		if rt.path == "/" {
			m.MethodFunc(rt.method, s.cfg.Base, s.serve(rt))
		}
	}
	m.NotFound(func(w http.ResponseWriter, r *http.Request) { s.stranger(w, r, sinso.ErrNotFound) })
	m.MethodNotAllowed(func(w http.ResponseWriter, r *http.Request) {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete, http.MethodOptions} {
			if m.Match(chi.NewRouteContext(), method, r.URL.Path) {
				w.Header().Add("Allow", method) // RFC 9110 §15.5.6
			}
		}
		s.stranger(w, r, refused(http.StatusMethodNotAllowed, sinso.ErrInvalid, "this route does not have that method"))
	})
	return m
}

// stranger answers a request for no route, after asking who it comes from.
func (s *Server) stranger(w http.ResponseWriter, r *http.Request, err error) {
	if _, stranger := s.cfg.Auth.FromRequest(r); stranger != nil {
		err = stranger
	}
	s.cfg.Problems.Write(w, r, err)
}

// takes reports whether a route knows a query parameter.
func (rt *route) takes(name string) bool {
	for _, known := range rt.query {
		if known == "*" || strings.EqualFold(known, name) {
			return true
		}
	}
	return false
}
