package serve

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"sync"

	"github.com/go-chi/chi/v5"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/edge/auth"
	"sinso.dev/sinso/internal/edge/door"
	"sinso.dev/sinso/internal/stage/market"
)

// route is one line of the door.
type route struct {
	method, path string
	name         string // of the operation, for the description of the API
	who          access
	says         string // what it does, for the description of the API
	query        []param
	handler
}

// access is who a route is for, before it is known whose thing is asked for.
type access uint8

const (
	signedIn access = iota
	anybody         // without a token
	keeper          // at the node's own socket; elsewhere there is no such route
	guest           // a node whose blocks are held here, by the token it was given
)

// param is one query parameter.
type param struct {
	name, says string
	number     bool
}

var (
	byPerson  = param{name: "person", says: "whose things; without it those of everybody whom the caller may know of"}
	bySize    = param{name: "size", says: "pixels of the longer side, 64 to 512; 256 if not given", number: true}
	byProfile = param{name: "profile", says: "the preset that would de-identify it; the node's if not given"}
	byFrame   = param{name: "frame", says: "which frame, from 0; the middle one if not given", number: true}
)

const (
	api      = "/api/v1"
	openAPI  = "/api/openapi.json"
	maxBody  = 64 << 10 // bytes of JSON, where a route names no other limit
	maxPaths = 1 << 20
)

// routes is the whole door but for the page.
func (s *Server) routes() []route {
	return slices.Concat(s.signing(), s.archive(), s.trade(), s.around(), s.reviews(), s.templates(), s.corrections(), s.erasing(), s.backing(), s.holding(), s.replicating(), s.swarming(), s.indexing(), s.warning(), s.pruning(), s.acts(), s.selling(), s.shares(), s.models(), s.marked(), s.uploadRoutes())
}

// signing is who the caller is, and where else they are signed in.
func (s *Server) signing() []route {
	return []route{
		{"GET", api + "/session", "session", signedIn, "who the caller is", nil, answer((*call).session)},
		{"POST", api + "/session", "signIn", anybody, "sign the page in with a token", nil, take(maxBody, (*call).signIn)},
		{"DELETE", api + "/session", "signOut", signedIn, "end the page's session", nil, raw(http.StatusNoContent, "", (*call).signOut)},
		{"GET", api + "/sessions", "sessions", signedIn, "the caller's signed-in pages, oldest first", nil, answer((*call).sessions)},
		{"DELETE", api + "/sessions", "endOthers", signedIn, "end all of them but the one that asks", nil, answer((*call).endOthers)},
		{"DELETE", api + "/sessions/{session}", "endSession", signedIn, "end one of them", nil, raw(http.StatusNoContent, "", (*call).endSession)},
		{"POST", api + "/session/passkey/challenge", "askPasskey", anybody, "what a passkey signs to sign in; the page's origin must be one of the node's", nil, answer((*call).askPasskey)},
		{"POST", api + "/session/passkey", "signInPasskey", anybody, "sign the page in by a passkey", nil, take(maxBody, (*call).signInPasskey)},
		{"POST", api + "/session/phrase/challenge", "askPhrase", anybody, "what the key of a recovery phrase signs to sign in", nil, answer((*call).askPhrase)},
		{"POST", api + "/session/phrase", "signInPhrase", anybody, "sign the page in by a recovery phrase", nil, take(maxBody, (*call).signInPhrase)},
		{"POST", api + "/session/wallet/challenge", "askWallet", anybody, "what a wallet signs to sign in (EIP-4361)", nil, take(maxBody, (*call).askWallet)},
		{"POST", api + "/session/wallet", "signInWallet", anybody, "sign the page in by a wallet that was added", nil, take(maxBody, (*call).signInWallet)},
		{"GET", api + "/credentials", "credentials", signedIn, "the caller's passkeys, phrases and wallets, oldest first", nil, answer((*call).credentials)},
		{"POST", api + "/credentials/passkey/challenge", "askNewPasskey", signedIn, "what a passkey is made with", nil, answer((*call).askNewPasskey)},
		{"POST", api + "/credentials/passkey", "addPasskey", signedIn, "let a passkey sign in from now on", nil, take(maxBody, (*call).addPasskey)},
		{"POST", api + "/credentials/phrase/challenge", "askNewPhrase", signedIn, "what the key of a new recovery phrase signs", nil, answer((*call).askNewPhrase)},
		{"POST", api + "/credentials/phrase", "addPhrase", signedIn, "let a recovery phrase sign in from now on", nil, take(maxBody, (*call).addPhrase)},
		{"POST", api + "/credentials/wallet/challenge", "askNewWallet", signedIn, "what a wallet signs to be added (EIP-4361)", nil, take(maxBody, (*call).askNewWallet)},
		{"POST", api + "/credentials/wallet", "addWallet", signedIn, "let a wallet sign in from now on", nil, take(maxBody, (*call).addWallet)},
		{"GET", api + "/credentials/{credential}", "credential", signedIn, "one of them", nil, answer((*call).credential)},
		{"POST", api + "/credentials/{credential}", "changeCredential", signedIn, "give it another label, or a wrapped key to keep", nil, take(maxBody, (*call).changeCredential)},
		{"DELETE", api + "/credentials/{credential}", "removeCredential", signedIn, "it signs in no more, and what was signed in by it ends", nil, raw(http.StatusNoContent, "", (*call).removeCredential)},
	}
}

// archive is what is kept here.
func (s *Server) archive() []route {
	return []route{
		{"GET", api + "/persons", "persons", signedIn, "persons whom the caller may know of", nil, answer((*call).persons)},
		{"GET", api + "/studies", "studies", signedIn, "studies, newest import first", []param{byPerson}, answer((*call).studies)},
		{"GET", api + "/studies/{study}", "study", signedIn, "one study with its series", nil, answer((*call).study)},
		{"GET", api + "/studies/{study}/records", "records", signedIn, "the records of a study, by series and number", nil, answer((*call).records)},
		{"GET", api + "/studies/{study}/thumbnail", "studyThumbnail", signedIn, "a picture of the record in the middle", []param{bySize}, raw(http.StatusOK, "image/png", (*call).studyThumbnail)},
		{"GET", api + "/studies/{study}/way", "studyWay", signedIn, "what happened to a study, step by step", nil, answer((*call).studyWay)},
		{"GET", api + "/studies/{study}/risk", "studyRisk", signedIn, "how many persons would look the same by what a copy of a study shows, before there is one", []param{byProfile, {name: "series", says: "only of these series of it, with commas between; of all if not given"}}, answer((*call).studyRisk)},
		{"GET", api + "/studies/{study}/quality", "studyQuality", signedIn, "whether a copy of a study is formatted and whole enough to be sold, and what would help, before there is one: by its metadata alone", []param{byProfile, {name: "series", says: "only of these series of it, with commas between; of all if not given"}}, answer((*call).studyQuality)},
		{"GET", api + "/records/{record}", "record", signedIn, "one record", nil, answer((*call).record)},
		{"GET", api + "/records/{record}/file", "recordFile", signedIn, "the record as it came; that it was opened is written down", nil, raw(http.StatusOK, "application/dicom", (*call).recordFile)},
		{"GET", api + "/records/{record}/thumbnail", "recordThumbnail", signedIn, "a picture of one frame", []param{byFrame, bySize}, raw(http.StatusOK, "image/png", (*call).recordThumbnail)},
		{"GET", api + "/records/{record}/preview", "recordPreview", signedIn, "what a copy would have of a record, before one is made: what becomes of each element, what would be blanked, what would hold it back; that it was opened is written down", []param{byProfile}, answer((*call).recordPreview)},
		{"GET", api + "/records/{record}/preview/picture", "recordPreviewPicture", signedIn, "one frame of a record, as it is or as a copy would have it", []param{
			byProfile,
			{name: "side", says: "before: the original; after: what a copy would have"},
			byFrame,
			{name: "size", says: "pixels of the longer side, 64 to 2048; 1024 if not given", number: true},
		}, raw(http.StatusOK, "image/png", (*call).recordPreviewPicture)},
		{"POST", api + "/imports", "import", signedIn, "take files in: DICOM, zip, or a form with files", []param{{name: "person", says: "whose they are; by the patient identity in each if not given"}, {name: "research", says: "true: de-identified copies are filed as research data, and not refused"}}, upload((*call).importUpload)},
		{"GET", api + "/quarantine", "quarantine", signedIn, "what was refused, oldest first", nil, answer((*call).quarantine)},
		{"POST", api + "/quarantine/{cid}/retry", "retry", signedIn, "take in what was refused, as if it came now: of a person who is named, or as research data", nil, take(maxBody, (*call).retry)},
		{"GET", api + "/returned", "returned", signedIn, "de-identified copies of releases that came back, and were refused: of which study each is", []param{byPerson}, answer((*call).returned)},
		{"GET", api + "/audit", "audit", signedIn, "what the log says, oldest first", []param{
			byPerson,
			{name: "subject", says: "an opaque id, order or CID that the events concern"},
			{name: "after", says: "only events after the one with this number", number: true},
			{name: "newest", says: "true: newest first, and not oldest first"},
			{name: "before", says: "of newest first: only events before the one with this number", number: true},
			{name: "limit", says: "how many at most, 1 to 1,000; 100 if not given", number: true},
		}, answer((*call).audit)},
	}
}

// trade is what is sold and bought.
func (s *Server) trade() []route {
	return []route{
		{"GET", api + "/assets", "assets", signedIn, "releases, oldest first", []param{byPerson}, answer((*call).assets)},
		{"POST", api + "/assets", "release", signedIn, "make a de-identified copy of a study, or of chosen series of it, register and offer it", nil, work(maxBody, (*call).release)},
		{"GET", api + "/assets/{release}", "asset", signedIn, "one release", nil, answer((*call).asset)},
		{"DELETE", api + "/assets/{release}", "callOff", signedIn, "call a release off that is not registered yet: the work on it stops, a co-creator is asked no longer, and nothing of it is offered; a mint that is on its way is waited for, for two minutes", nil, following((*call).callOff)},
		{"POST", api + "/assets/{release}/mint", "mint", signedIn, "bring a copy to the chain as a token of its own, and offer nothing of it; named by the release, its token or the study, of which the copy is made if it is not there", nil, take(maxBody, (*call).mint)},
		{"POST", api + "/assets/{release}/version", "version", signedIn, "bring what the data is now to the chain as what came after a release that is on it: each names the other", nil, take(maxBody, (*call).version)},
		{"GET", api + "/assets/{release}/quality", "assetQuality", signedIn, "how well a release is made, and what would help, as it was judged last", nil, answer((*call).assetQuality)},
		{"POST", api + "/assets/{release}/faces", "faces", signedIn, "draw a series of a release as it was before its face was taken out, and after; that it was opened is written down", nil, work(maxBody, (*call).faces)},
		{"GET", api + "/asks", "asks", signedIn, "releases that a person was asked to be a co-creator of, oldest first; of more than 256, the oldest that ended are left out", []param{byPerson}, answer((*call).asks)},
		{"POST", api + "/asks/{release}", "answerAsk", signedIn, "agree to be the co-creator of a release, which is then made and offered, or decline", nil, work(maxBody, (*call).answerAsk)},
		{"GET", api + "/orders", "orders", signedIn, "what was offered, oldest first", []param{byPerson}, answer((*call).orders)},
		{"POST", api + "/orders", "makeOffer", signedIn, "offer a registered release once more, on other terms; the offers made before stand", nil, take(maxBody, (*call).makeOffer)},
		{"DELETE", api + "/orders/{order}", "cancelOrder", signedIn, "take an offer back: what was not sold of it cannot be bought any more", nil, answer((*call).cancelOrder)},
		{"GET", api + "/orders/{order}", "order", signedIn, "one order", nil, answer((*call).order)},
		{"GET", api + "/orders/{order}/offer", "offer", signedIn, "the offer as it is given to buyers", nil, raw(http.StatusOK, "application/json", (*call).offer).as(sinso.Offer{})},
		{"GET", api + "/orders/{order}/licence", "soldLicence", signedIn, "what the chain says now of the licence that an order brought its buyer", nil, answer((*call).soldLicence)},
		{"POST", api + "/orders/{order}/key", "key", anybody, "the key of an order, for the buyer whom the chain names: the request is signed", nil, take(maxBody, (*call).key)},
		{"GET", api + "/grants", "grants", signedIn, "orders whose key was handed out", []param{byPerson}, answer((*call).grants)},
		{"DELETE", api + "/grants/{order}", "revoke", signedIn, "end the grant of an order, of each copy that was sold of it, and sell no more; or of one trade", []param{{name: "trade", says: "the only trade whose grant ends"}}, answer((*call).revoke)},
		{"GET", api + "/licences", "licences", signedIn, "the licences that this node's accounts hold, and what each allows now", nil, answer((*call).licences)},
		{"GET", api + "/licences/{licence}", "licence", signedIn, "one licence, whoever holds it", nil, answer((*call).licence)},
		{"POST", api + "/licences/{licence}/pass", "passLicence", signedIn, "pass a transferable licence on to another account, or say what that would cost", nil, take(maxBody, (*call).passLicence)},
		{"GET", api + "/purchases", "purchases", signedIn, "what this node bought, oldest first", nil, answer((*call).purchases)},
		{"POST", api + "/purchases", "buy", signedIn, "settle an offer", nil, work(market.MaxOffer, (*call).buy).fromOffer()},
		{"POST", api + "/requests/{request}/purchases", "acceptAnswer", signedIn, "settle an offer that answers a request of this node, out of the money that was put up", nil, work(market.MaxOffer, (*call).acceptAnswer).fromOffer()},
		{"GET", api + "/purchases/{order}", "purchase", signedIn, "one purchase", nil, answer((*call).purchase)},
		{"POST", api + "/purchases/{order}", "resumePurchase", signedIn, "go on with a purchase that was cut off", nil, following((*call).resume)},
		{"POST", api + "/payments", "planPayment", signedIn, "begin to buy by an offer that an account of the buyer's own pays: the call that its wallet sends; the node itself pays nothing from then on", nil, take(market.MaxOffer, (*call).planPayment).fromOffer()},
		{"POST", api + "/purchases/{order}/payment", "payment", signedIn, "that call once more, of a purchase that nobody has paid", nil, answer((*call).payment)},
		{"GET", api + "/purchases/{order}/payment", "paymentState", signedIn, "what became of the payment that a wallet sent: none, waits, paid, failed or lost", nil, answer((*call).paymentState)},
		{"POST", api + "/purchases/{order}/payment/sent", "notePayment", signedIn, "take down which transaction the wallet says that it sent: until it is known to be lost, nothing more is paid", nil, take(maxBody, (*call).notePayment)},
		{"DELETE", api + "/purchases/{order}/payment", "unplanPayment", signedIn, "let the node pay after all, once one goes on with the purchase", nil, answer((*call).unplanPayment)},
		{"GET", api + "/purchases/{order}/licence", "boughtLicence", signedIn, "what the chain says now of the licence that a purchase brought", nil, answer((*call).boughtLicence)},
		{"GET", api + "/purchases/{order}/records", "boughtRecords", signedIn, "the copies that a purchase brought, with their attributes; that they were opened is written down", nil, answer((*call).boughtRecords)},
		{"GET", api + "/purchases/{order}/records/{number}", "boughtRecord", signedIn, "one of them in Explicit VR Little Endian, to be drawn; that it was opened is written down", nil, raw(http.StatusOK, "application/dicom", (*call).boughtRecord)},
		{"GET", api + "/purchases/{order}/files", "boughtFiles", signedIn, "all that a purchase brought, as it came, in one ZIP file; that it was opened is written down", nil, raw(http.StatusOK, "application/zip", (*call).boughtFiles)},
		{"POST", api + "/offers/look", "lookAtOffer", signedIn, "what an offer is and whether it can be bought now: nothing is signed, paid or kept", nil, take(market.MaxOffer, (*call).lookAtOffer).fromOffer()},
		{"GET", api + "/tokens/{token}/verification", "verification", signedIn, "walk back from a token to the import it came from", nil, answer((*call).verification)},
	}
}

// around is the keeper's own, and what needs no token.
func (s *Server) around() []route {
	ofBlocks := []param{
		{name: "format", says: "raw, or car; without it Accept says"},
		{name: "dag-scope", says: "of a CAR: all or entity, or block for the root alone; all if not given"},
		{name: "car-version", says: "of a CAR: 1"},
		{name: "car-order", says: "of a CAR: dfs, or unk"},
		{name: "car-dups", says: "of a CAR: y to have a block as often as it is linked to; n if not given"},
	}
	return []route{
		{"POST", api + "/local/tokens", "makeToken", keeper, "make a bearer token", nil, take(maxBody, (*call).makeToken)},
		{"POST", api + "/local/imports", "importPaths", keeper, "take in files, folders and zip files of this machine", nil, work(maxPaths, (*call).importPaths)},
		{"GET", api + "/local/uploads", "untaken", keeper, "uploads that are here whole and could not be taken in yet, oldest first", nil, answer((*call).untakenList)},
		{"POST", api + "/local/uploads/{upload}/retry", "retryUntaken", keeper, "take one of them in now", nil, raw(http.StatusNoContent, "", (*call).retryUntaken)},
		{"POST", api + "/local/keys/shares", "shareRootKey", keeper, "share the node's root key among guardians, each share sealed to one; that it was shared is written down", nil, take(maxCouncil, (*call).shareRootKey)},
		{"GET", api + "/local/peers", "peers", keeper, "the DICOM peers that may associate, by title", nil, answer((*call).peers)},
		{"POST", api + "/local/peers", "addPeer", keeper, "let a DICOM peer associate", nil, take(maxBody, (*call).addPeer)},
		{"DELETE", api + "/local/peers/{aet}", "removePeer", keeper, "let it associate no longer", nil, answer((*call).removePeer)},
		{"POST", api + "/local/peers/{aet}/echo", "echoPeer", keeper, "ask whether a DICOM peer answers", nil, take(maxBody, (*call).echoPeer)},
		{"POST", api + "/local/peers/{aet}/find", "findAtPeer", keeper, "ask a DICOM peer what it has", nil, take(maxBody, (*call).findAtPeer)},
		{"POST", api + "/local/peers/{aet}/send", "sendToPeer", keeper, "send studies and records to a DICOM peer", nil, work(maxPaths, (*call).sendToPeer)},
		{"POST", api + "/local/peers/{aet}/pull", "pullFromPeer", keeper, "get studies from a DICOM peer", nil, work(maxPaths, (*call).pullFromPeer)},
		{"GET", "/healthz", "health", anybody, "whether the program runs", nil, raw(http.StatusOK, "text/plain; charset=utf-8", (*call).health)},
		{"GET", "/readyz", "ready", anybody, "whether the node can do its work", nil, raw(http.StatusOK, "text/plain; charset=utf-8", (*call).ready)},
		{"GET", openAPI, "description", anybody, "this description", nil, raw(http.StatusOK, "application/json", (*call).description)},
		{"GET", "/ipfs/{cid}", "block", anybody, "a block that was offered, or all blocks of what was offered as a CAR, as ciphertext (IPFS trustless gateway)", ofBlocks, raw(http.StatusOK, rawType, (*call).block).or(carType)},
		{"HEAD", "/ipfs/{cid}", "hasBlock", anybody, "whether it was offered", ofBlocks, raw(http.StatusOK, rawType, (*call).block)},
	}
}

// router serves the routes.
func (s *Server) router(local bool) *chi.Mux {
	m := chi.NewRouter()
	m.Use(door.Log(s.cfg.Log, s.cfg.Clock))
	routes := s.routes()
	description := sync.OnceValues(func() ([]byte, error) { return describe(routes, s.cfg.Version) })
	for _, rt := range routes {
		if rt.who != keeper || local {
			m.MethodFunc(rt.method, rt.path, s.serve(rt, local, description))
		}
	}
	m.Get(pagePattern, s.servePage)
	m.Head(pagePattern, s.servePage)
	m.NotFound(func(w http.ResponseWriter, r *http.Request) { s.problems.Write(w, r, sinso.ErrNotFound) })
	m.MethodNotAllowed(func(w http.ResponseWriter, r *http.Request) { s.problems.Write(w, r, otherMethod(m, w, r)) })
	return m
}

// otherMethod tells which methods a path has. One that only the page's pattern
// fits is no path of ours.
func otherMethod(m *chi.Mux, w http.ResponseWriter, r *http.Request) error {
	found := false
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE"} {
		at := chi.NewRouteContext()
		if m.Match(at, method, r.URL.Path) && at.RoutePattern() != pagePattern {
			w.Header().Add("Allow", method) // RFC 9110 §15.5.6
			found = true
		}
	}
	if !found {
		return sinso.ErrNotFound
	}
	return refused(http.StatusMethodNotAllowed, sinso.ErrInvalid, "this route does not have that method")
}

// serve does for one route what stands between the door and its handler.
func (s *Server) serve(rt route, local bool, description func() ([]byte, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		answer := &pushing{ResponseWriter: w, clock: s.cfg.Clock, stall: s.stall}
		defer answer.end()
		c := &call{Server: s, route: rt, w: answer, r: r, spec: description}
		stop := c.bound()
		defer stop()
		err := c.identify(local)
		if err == nil {
			err = c.knownQuery()
		}
		if err == nil {
			err = rt.run(c)
		}
		if err != nil {
			s.problems.Write(w, c.r, err)
		}
	}
}

// handler is how a route is answered, and with what.
type handler struct {
	run     func(*call) error
	in, out reflect.Type // of the JSON bodies; nil: none
	status  int
	media   string // of the answer
	stream  reflect.Type
	most    int64 // bytes of the body; 0: there is none
	files   bool  // the body is an upload
	binary  bool  // the body is bytes
	chunk   bool  // the body is a part of an upload (tus)

	other string // a second type of the answer, for who asks for it
}

// or says that there is a second type of the answer.
func (h handler) or(media string) handler {
	h.other = media
	return h
}

// as says what JSON a raw answer holds.
func (h handler) as(body any) handler {
	h.out = reflect.TypeOf(body)
	return h
}

// fromOffer says that a raw body holds an offer.
func (h handler) fromOffer() handler {
	h.in = reflect.TypeFor[sinso.Offer]()
	return h
}

// bytes says that the body is bytes, and how many at most.
func (h handler) bytes(most int64) handler {
	h.most, h.binary = most, true
	return h
}

// answer is a route that is asked without a body and answers JSON.
func answer[Out any](fn func(*call) (Out, error)) handler {
	return handler{out: reflect.TypeFor[Out](), status: http.StatusOK, media: jsonType, run: func(c *call) error {
		out, err := fn(c)
		if err != nil {
			return err
		}
		return c.json(out)
	}}
}

// take is a route that takes JSON and answers JSON.
func take[In, Out any](most int64, fn func(*call, In) (Out, error)) handler {
	h := answer(func(c *call) (out Out, err error) {
		var in In
		if err = c.decode(&in); err != nil {
			return out, err
		}
		return fn(c, in)
	})
	h.in, h.most = reflect.TypeFor[In](), most
	return h
}

// work is a route that takes JSON, and may take its time: who accepts a progress
// stream is told how far it is.
func work[In, Progress, Out any](most int64, fn func(*call, In, func(Progress)) (Out, error)) handler {
	h := following(func(c *call, progress func(Progress)) (out Out, err error) {
		var in In
		if err = c.decode(&in); err != nil {
			return out, err
		}
		return fn(c, in, progress)
	})
	h.in, h.most = reflect.TypeFor[In](), most
	return h
}

// upload is work on files.
func upload[Progress, Out any](fn func(*call, func(Progress)) (Out, error)) handler {
	h := following(fn)
	h.files = true
	return h
}

func following[Progress, Out any](fn func(*call, func(Progress)) (Out, error)) handler {
	h := handler{out: reflect.TypeFor[Out](), status: http.StatusOK, media: jsonType, stream: reflect.TypeFor[Progress]()}
	h.run = func(c *call) error {
		if !c.follows() {
			out, err := fn(c, func(Progress) {})
			if err != nil {
				return err
			}
			return c.json(out)
		}
		lines := &lines{call: c}
		out, err := fn(c, func(p Progress) { lines.progress(p) })
		return lines.end(out, err)
	}
	return h
}

// raw is a route whose handler writes the answer itself.
func raw(status int, media string, fn func(*call) error) handler {
	return handler{run: fn, status: status, media: media}
}

// identify finds the caller.
func (c *call) identify(local bool) error {
	if c.who == guest {
		if local {
			return fmt.Errorf("serve: the keeper is no guest: %w", sinso.ErrNotFound)
		}
		var err error
		c.caller, err = c.guestsAuth.FromRequest(c.r)
		return err
	}
	if local {
		c.caller = auth.Local()
		return nil
	}
	if c.who == anybody {
		return nil
	}
	var err error
	c.caller, err = c.auth.FromRequest(c.r)
	return err
}
