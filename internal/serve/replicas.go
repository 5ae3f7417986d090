package serve

import (
	"context"

	"github.com/go-chi/chi/v5"

	"sinso.dev/sinso"
)

// Replicas are the peers that keep copies of this node's blocks: the keeper's to choose.
type Replicas interface {
	// KeepCopies has a peer keep copies from now on, once it has answered.
	KeepCopies(ctx context.Context, with sinso.ReplicaKept, actor string) error
	// DropCopies has it keep them no longer, and says what it has not confirmed to have deleted.
	DropCopies(ctx context.Context, name, actor string) (sinso.ReplicaDropped, error)
	// Replication says how the copies are.
	Replication(ctx context.Context) (sinso.Replication, error)
}

// noReplicas is a server without them.
type noReplicas struct{}

func (noReplicas) KeepCopies(context.Context, sinso.ReplicaKept, string) error {
	return sinso.ErrUnsupported
}

func (noReplicas) DropCopies(context.Context, string, string) (sinso.ReplicaDropped, error) {
	return sinso.ReplicaDropped{}, sinso.ErrUnsupported
}

func (noReplicas) Replication(context.Context) (sinso.Replication, error) {
	return sinso.Replication{}, sinso.ErrUnsupported
}

func (s *Server) replicating() []route {
	return []route{
		{"GET", api + "/local/replicas", "replicas", keeper, "how the copies with peers are", nil, answer((*call).replicas)},
		{"POST", api + "/local/replicas", "keepCopies", keeper, "have a peer keep encrypted copies from now on, once it has answered; in place of one of that name", nil, take(maxBody, (*call).keepCopies)},
		{"DELETE", api + "/local/replicas/{name}", "dropCopies", keeper, "have it keep them no longer; what it has stays there; deletions are blocks that it was told to delete and has not confirmed", nil, answer((*call).dropCopies)},
	}
}

func (c *call) replicas() (sinso.Replication, error) { return c.cfg.Replicas.Replication(c.ctx()) }

// newReplica is a peer that is to keep copies.
type newReplica struct {
	Name  string `json:"name"`
	URL   string `json:"url"`
	Token string `json:"token"` // of sinso peer hold there
}

func (c *call) keepCopies(in newReplica) (sinso.Replication, error) {
	err := c.cfg.Replicas.KeepCopies(c.ctx(), sinso.ReplicaKept{Name: in.Name, URL: in.URL, Token: in.Token}, c.caller.ID)
	if err != nil {
		return sinso.Replication{}, err
	}
	return c.replicas()
}

func (c *call) dropCopies() (sinso.ReplicaDropped, error) {
	return c.cfg.Replicas.DropCopies(c.ctx(), chi.URLParam(c.r, "name"), c.caller.ID)
}
