package dimse

import (
	"strings"

	"sinso.dev/sinso/internal/format/dicom"
)

// answer returns what a server says to a request, and takes it over: contexts,
// roles, lengths.
func (a *Association) answer(rq *associate) (*associate, error) {
	if err := a.setMaxSend(rq.maxLength); err != nil {
		return nil, err
	}
	ac := &associate{
		called: rq.called, calling: rq.calling, maxLength: uint32(a.opts.MaxPDU), async: rq.async, //nolint:gosec // at most 1 MiB
		identityTaken: rq.identity != nil && rq.identity.Response && rq.identity.Type <= IdentityUsernamePasscode,
	}
	roles := map[string]role{}
	for _, r := range rq.roles {
		if _, twice := roles[r.class]; twice || !a.server.supports(r.class) {
			continue
		}
		r.scp = r.scp && (a.server.config.Get != nil || r.class == StorageCommitment) // we make requests in both
		roles[r.class] = r
		ac.roles = append(ac.roles, r)
	}
	for i := range rq.contexts {
		p := &rq.contexts[i]
		result, syntax := a.server.choose(p)
		ac.contexts = append(ac.contexts, proposal{id: p.id, result: result, syntaxes: []string{syntax}})
		if result != resultAccepted {
			continue
		}
		c := &accepted{id: p.id, abstract: p.abstract, syntax: syntax, weSCP: true}
		if r, ok := roles[p.abstract]; ok {
			c.weSCP, c.weSCU = r.scu, r.scp
		}
		a.contexts[p.id] = c
	}
	for _, e := range rq.extended {
		if isQuery(e.class) && a.server.supports(e.class) {
			ac.extended = append(ac.extended, extension{e.class, make([]byte, min(len(e.info), maxExtended))})
		}
	}
	return ac, nil
}

// maxExtended bounds the answer to an extended negotiation. Of query and retrieve it
// says what optional behaviour is asked for and given (PS3.4 C.5.1.1): none, a zero
// for each byte. Other services get no answer, which is the default.
const maxExtended = 16 // bytes

// isQuery reports whether the SOP class is one of query and retrieve.
func isQuery(class string) bool {
	return strings.HasPrefix(class, "1.2.840.10008.5.1.4.1.2.")
}

// supports reports whether contexts of a SOP class are accepted.
func (s *Server) supports(abstract string) bool {
	if s.config.Supports == nil {
		return abstract == Verification
	}
	return s.config.Supports(abstract)
}

// choose picks the transfer syntax of a proposed context.
func (s *Server) choose(p *proposal) (result byte, syntax string) {
	if !s.supports(p.abstract) {
		return resultAbstract, p.syntaxes[0]
	}
	big := false
	for _, uid := range p.syntaxes {
		switch {
		case uid == dicom.ExplicitBigEndian:
			big = s.knows(uid)
		case s.knows(uid):
			return resultAccepted, uid
		}
	}
	if big {
		return resultAccepted, dicom.ExplicitBigEndian
	}
	return resultTransfer, p.syntaxes[0]
}

func (s *Server) knows(uid string) bool {
	if s.config.KnownSyntax != nil {
		return s.config.KnownSyntax(uid)
	}
	_, ok := dicom.SyntaxByUID(uid)
	return ok
}
