package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/node"
)

const templateRoutes = "/api/v1/templates"

// maxTemplateFile is more than a file of templates has, in bytes.
const maxTemplateFile = 1 << 20

func newTemplateCommand() *cobra.Command {
	return nounCommand("template", "Where devices write into their pictures: blanked in every release",
		newTemplateListCommand(), newTemplateAddCommand(), newTemplateShowCommand(), newTemplateRemoveCommand(),
		newTemplateExportCommand(), newTemplateImportCommand())
}

// templates are those in force.
func (f *nodeFlags) templates(ctx context.Context) ([]sinso.TemplateRow, error) {
	var answer struct {
		Items []sinso.TemplateRow `json:"items"`
	}
	err := f.here(ctx, func(n *node.Node) (err error) {
		answer.Items, err = n.Templates(ctx)
		return err
	}, "GET", templateRoutes, nil, &answer)
	return answer.Items, err
}

// orEach is a name of a template, or that it fits each.
func orEach(name string) string {
	if name == "" {
		return "(each)"
	}
	return name
}

func newTemplateListCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "ls",
		Short: "List the templates of this node",
		Long: `Lists the templates of this node: where a kind of device writes into its pictures. Each release blanks there, whatever its
profile. Works on a stopped node, and through its socket on a running one.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node`,
		Args: exactArgs(0),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		rows, err := f.templates(cmd.Context())
		if err != nil || f.json {
			return printOr(err, cmd.OutOrStdout(), rows)
		}
		printTable(cmd.OutOrStdout(), "TEMPLATE\tMANUFACTURER\tMODEL\tMODALITY\tPICTURE\tBOXES\tBY", rows, func(r sinso.TemplateRow) string {
			return fmt.Sprintf("%s\t%s\t%s\t%s\t%d×%d\t%d\t%s", r.ID, r.Manufacturer, orEach(r.Model), orEach(r.Modality), r.Columns, r.Rows, len(r.Boxes), r.By)
		})
		return nil
	}
	return cmd
}

// newTemplate is what the API takes.
type newTemplate struct {
	Review       sinso.ReviewID `json:"review,omitempty"`
	Manufacturer string         `json:"manufacturer,omitempty"`
	Model        string         `json:"model,omitempty"`
	Modality     string         `json:"modality,omitempty"`
	Rows         int            `json:"rows,omitempty"`
	Columns      int            `json:"columns,omitempty"`
	Boxes        [][4]int       `json:"boxes"`
}

func newTemplateAddCommand() *cobra.Command {
	var f nodeFlags
	var in newTemplate
	var review string
	var boxes []string
	cmd := &cobra.Command{
		Use:   "add --box X0,Y0,X1,Y1 --review ITEM | --manufacturer NAME --rows N --columns N",
		Short: "Blank there in every picture of a kind of device",
		Long: `Puts a template in force: from now on each release blanks the boxes in every picture of this size from this device. The
device is that of an item of the review, or named as its pictures name it: Manufacturer (0008,0070), Manufacturer's Model
Name (0008,1090), Modality (0008,0060); without a model or a modality it fits each. Releases that exist stay as they are.
Works on a stopped node, and through its socket on a running one.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node or item`,
		Args: exactArgs(0),
	}
	f.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&review, "review", "", "the device that made the record of this item of the review")
	flags.StringVar(&in.Manufacturer, "manufacturer", "", "who made the device")
	flags.StringVar(&in.Model, "model", "", "its model; without one, each")
	flags.StringVar(&in.Modality, "modality", "", "its modality, such as US; without one, each")
	flags.IntVar(&in.Rows, "rows", 0, "rows of its pictures, in pixels")
	flags.IntVar(&in.Columns, "columns", 0, "columns of its pictures, in pixels")
	flags.StringArrayVar(&boxes, "box", nil, "what to blank: X0,Y0,X1,Y1 in pixels from the top left, X1 and Y1 outside")
	cmd.MarkFlagsMutuallyExclusive("review", "manufacturer")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		in.Review = sinso.ReviewID(review)
		var err error
		if in.Boxes, err = parseCorners(boxes); err != nil {
			return &usageError{err}
		}
		return runTemplateAdd(cmd.Context(), &f, in, cmd.OutOrStdout())
	}
	return cmd
}

func runTemplateAdd(ctx context.Context, f *nodeFlags, in newTemplate, out io.Writer) error {
	var row sinso.TemplateRow
	err := f.here(ctx, func(n *node.Node) (err error) {
		if in.Review != "" {
			row, err = n.DrawTemplate(ctx, in.Review, in.Boxes, actor)
			return err
		}
		rows, err := n.AddTemplates(ctx, []sinso.Template{{
			Manufacturer: in.Manufacturer, Model: in.Model, Modality: in.Modality, Rows: in.Rows, Columns: in.Columns, Boxes: in.Boxes,
		}}, actor)
		if err == nil {
			row = rows[0]
		}
		return err
	}, "POST", templateRoutes, in, &row)
	if errors.Is(err, sinso.ErrInvalid) {
		return &usageError{err}
	}
	if err != nil || f.json {
		return printOr(err, out, row)
	}
	fmt.Fprintf(out, "%s is in force for releases from now on\n", row.ID)
	return nil
}

// parseCorners reads boxes of X0,Y0,X1,Y1.
func parseCorners(texts []string) ([][4]int, error) {
	out := [][4]int{}
	for _, text := range texts {
		parts := strings.Split(text, ",")
		var box [4]int
		bad := len(parts) != len(box)
		for i := 0; i < len(box) && !bad; i++ {
			var err error
			box[i], err = strconv.Atoi(parts[i])
			bad = err != nil
		}
		if bad {
			return nil, fmt.Errorf("--box: want X0,Y0,X1,Y1, such as 0,0,200,40: %w", sinso.ErrInvalid)
		}
		out = append(out, box)
	}
	return out, nil
}

func newTemplateShowCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "show TEMPLATE",
		Short: "Print one template, as a file has it",
		Long: `Prints one template as a file of templates has it, to be shared: sinso template import takes it.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node or template`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		rows, err := f.templates(cmd.Context())
		if err != nil {
			return err
		}
		for _, row := range rows {
			if string(row.ID) != args[0] {
				continue
			}
			if f.json {
				return printJSON(cmd.OutOrStdout(), row)
			}
			return printTemplates(cmd.OutOrStdout(), row)
		}
		return fmt.Errorf("there is no template of this name: %w", sinso.ErrNotFound)
	}
	return cmd
}

func printTemplates(out io.Writer, rows ...sinso.TemplateRow) error {
	var templates []sinso.Template
	for _, row := range rows {
		templates = append(templates, row.Template)
	}
	file, err := node.FormatTemplates(templates)
	if err != nil {
		return err
	}
	if _, err := out.Write(file); err != nil {
		return fmt.Errorf("write the templates: %w", err)
	}
	return nil
}

func newTemplateRemoveCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "rm TEMPLATE",
		Short: "Blank there no longer",
		Long: `Takes a template out of force, for releases from now on. What persons approved of its device's pictures while it was in
force is open again: it may have hidden what they did not see. Works on a stopped node, and through its socket on a
running one.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node or template`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var row sinso.TemplateRow
		err := f.here(cmd.Context(), func(n *node.Node) (err error) {
			row, err = n.RemoveTemplate(cmd.Context(), sinso.TemplateID(args[0]), actor)
			return err
		}, "DELETE", templateRoutes+"/"+url.PathEscape(args[0]), nil, &row)
		if err != nil || f.json {
			return printOr(err, cmd.OutOrStdout(), row)
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%s is in force no longer\n", row.ID)
		return nil
	}
	return cmd
}

func newTemplateExportCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Print the templates of this node as a file, to be shared",
		Long: `Prints the templates in force as a TOML file, as sinso template import takes it, and as a profile has it. It names devices,
and nobody.

EXIT STATUS: 0 done, 1 error, 2 usage, 10 no such node`,
		Args: exactArgs(0),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		rows, err := f.templates(cmd.Context())
		if err != nil || f.json {
			return printOr(err, cmd.OutOrStdout(), rows)
		}
		return printTemplates(cmd.OutOrStdout(), rows...)
	}
	return cmd
}

func newTemplateImportCommand() *cobra.Command {
	var f nodeFlags
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Put the templates of a file in force",
		Long: `Puts the templates of a file in force, all of them or none: - reads what is piped in. What is in force already stays as it
is. Works on a stopped node, and through its socket on a running one.

EXIT STATUS: 0 done, 1 error, 2 usage: the file is none, 10 no such node or file`,
		Args: exactArgs(1),
	}
	f.addFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		text, err := readTemplates(args[0], cmd.InOrStdin())
		if err != nil {
			return err
		}
		templates, err := node.ParseTemplates(text)
		if err != nil {
			return &usageError{err}
		}
		answer := struct {
			Items []sinso.TemplateRow `json:"items"`
		}{}
		err = f.here(cmd.Context(), func(n *node.Node) (err error) {
			answer.Items, err = n.AddTemplates(cmd.Context(), templates, actor)
			return err
		}, "POST", templateRoutes+"/import", map[string]string{"file": string(text)}, &answer)
		if err != nil || f.json {
			return printOr(err, cmd.OutOrStdout(), answer.Items)
		}
		for _, row := range answer.Items {
			fmt.Fprintf(cmd.OutOrStdout(), "%s is in force for releases from now on\n", row.ID)
		}
		return nil
	}
	return cmd
}

// readTemplates reads a file, or what is piped in, if it is not too long.
func readTemplates(path string, in io.Reader) ([]byte, error) {
	if path != "-" {
		file, err := os.Open(path) //nolint:gosec // the caller names the file
		if err != nil {
			return nil, fmt.Errorf("the file of templates cannot be read: %w", sinso.ErrNotFound)
		}
		defer file.Close() //nolint:errcheck // it was only read
		in = file
	}
	text, err := io.ReadAll(io.LimitReader(in, maxTemplateFile+1))
	if err != nil {
		return nil, fmt.Errorf("the file of templates cannot be read: %w: %w", err, sinso.ErrUnavailable)
	}
	return text, nil
}
