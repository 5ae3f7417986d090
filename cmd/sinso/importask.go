package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

// askedPatient is somebody whose files an import has, and of whom it is not known whose
// they are. What it says of them is shown to who imports, and goes nowhere else.
type askedPatient struct {
	Patient string                `json:"patient"`
	Why     sinso.PatientQuestion `json:"why"`
	Differs []string              `json:"differs"`
	Person  sinso.PersonID        `json:"person"`
	Objects int                   `json:"objects"`
	Studies []struct{}            `json:"studies"` // counted, and no more is needed of them
	Name    string                `json:"name"`
	ID      string                `json:"id"`
	Issuer  string                `json:"issuer"`
	Birth   string                `json:"birth"`
}

func newAskedPatient(p sinso.AskedPatient) askedPatient {
	return askedPatient{ // revealed to who sits before the terminal
		Patient: p.Key, Why: p.Why, Differs: p.Differs, Person: p.Person, Objects: p.Objects, Studies: make([]struct{}, len(p.Studies)),
		Name: p.Name.Reveal(), ID: p.ID.Reveal(), Issuer: p.Issuer.Reveal(), Birth: p.Birth.Reveal(),
	}
}

// asker asks on a terminal whose files are.
type asker struct {
	in     io.Reader
	out    io.Writer
	person sinso.PersonID // --person

	lines chan string // what was typed; closed where it ends
}

// choice is one thing that may be answered.
type choice struct {
	key, says string
	said      node.Said
}

// errUnanswered ends an import that nobody answers for.
var errUnanswered = fmt.Errorf("nothing was filed: nobody said whose the files are: %w", sinso.ErrInvalid)

// ask asks about each.
func (a *asker) ask(ctx context.Context, patients []askedPatient) (said []node.Said, err error) {
	for i, p := range patients {
		fmt.Fprintf(a.out, "\n%d of %d: %s\n", i+1, len(patients), p)
		fmt.Fprintln(a.out, "  "+a.why(p))
		one, err := a.choose(ctx, a.choices(p))
		if err != nil {
			return nil, err
		}
		one.Patient = p.Patient
		said = append(said, one)
	}
	return said, nil
}

// String is how the files name them.
func (p askedPatient) String() string {
	words := []string{fmt.Sprintf("%d files in %d studies", p.Objects, len(p.Studies))}
	for _, part := range [][2]string{{"of ", p.Name}, {"born ", p.Birth}, {"Patient ID ", p.ID}, {"given by ", p.Issuer}} {
		if part[1] != "" {
			words = append(words, part[0]+quoted(part[1]))
		}
	}
	return strings.Join(words, ", ")
}

// quoted is text of a file that neither steers a terminal nor fills it.
func quoted(text string) string {
	const most = 100 // characters
	if letters := []rune(text); len(letters) > most {
		text = string(letters[:most]) + "…"
	}
	return strconv.QuoteToGraphic(text)
}

// why says why it is asked.
func (a *asker) why(p askedPatient) string {
	if p.Why == sinso.AsksNew {
		return fmt.Sprintf("It is not known that they are of %s.", a.person)
	}
	what := "description"
	switch name, birth := slices.Contains(p.Differs, "name"), slices.Contains(p.Differs, "birth"); {
	case name && birth:
		what = "name and birth date"
	case name:
		what = "name"
	case birth:
		what = "birth date"
	}
	return "This identity has another " + what + " here, or in another of these files."
}

func (a *asker) choices(p askedPatient) (all []choice) {
	if person := firstOf(p.Person, a.person); person != "" {
		all = append(all, choice{"y", "yes, they are of " + string(person), node.Said{As: node.SaidPerson, Person: person}})
	}
	if a.person != "" {
		all = append(all, choice{"n", "no, somebody else's: set aside", node.Said{As: node.SaidKept}})
	} else {
		all = append(all, choice{"n", "somebody else's: a person of their own", node.Said{As: node.SaidAnother}})
	}
	return append(all, choice{"s", "not known: set aside", node.Said{As: node.SaidUnknown}})
}

func firstOf(a, b sinso.PersonID) sinso.PersonID {
	if a != "" {
		return a
	}
	return b
}

// choose asks until one of the choices is typed, and stops at q or at the end of what is typed.
func (a *asker) choose(ctx context.Context, all []choice) (node.Said, error) {
	for {
		for _, one := range all {
			fmt.Fprintf(a.out, "    %s  %s\n", one.key, one.says)
		}
		fmt.Fprint(a.out, "    q  stop, and file nothing\n  > ")
		line, err := a.line(ctx)
		if err != nil {
			return node.Said{}, err
		}
		for _, one := range all {
			if line == one.key {
				return one.said, nil
			}
		}
		if line == "q" {
			return node.Said{}, errUnanswered
		}
	}
}

// line is what is typed next, in small letters. It is read beside, since nothing ends the
// reading of a terminal: what reads it ends with the program.
func (a *asker) line(ctx context.Context) (string, error) {
	if a.lines == nil {
		lines := make(chan string)
		a.lines = lines
		go func() {
			defer close(lines)
			for in := bufio.NewScanner(a.in); in.Scan(); {
				lines <- in.Text()
			}
		}()
	}
	select {
	case line, ok := <-a.lines:
		if !ok {
			return "", errUnanswered
		}
		return strings.ToLower(strings.TrimSpace(line)), nil
	case <-ctx.Done():
		return "", fmt.Errorf("import: %w", ctx.Err())
	}
}
