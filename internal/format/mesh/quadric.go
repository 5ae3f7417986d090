package mesh

import "math"

// quadric is the sum of the squared distances of a point to planes, each by its weight:
// x·A·x + 2·b·x + c, with the upper half of A row by row (M. Garland, P. S. Heckbert,
// Surface Simplification Using Quadric Error Metrics, 1997).
type quadric [10]float64

// plane adds the plane of a triangle, by its area.
func (q *quadric) plane(p0, p1, p2 [3]float64) {
	n := normal(p0, p1, p2)
	twice := math.Sqrt(n[0]*n[0] + n[1]*n[1] + n[2]*n[2])
	if twice == 0 {
		return
	}
	x, y, z := n[0]/twice, n[1]/twice, n[2]/twice
	d, w := -(x*p0[0] + y*p0[1] + z*p0[2]), twice/2
	q.add(&quadric{w * x * x, w * x * y, w * x * z, w * y * y, w * y * z, w * z * z, w * x * d, w * y * d, w * z * d, w * d * d})
}

func (q *quadric) add(o *quadric) {
	for i := range q {
		q[i] += o[i]
	}
}

// trace is the weight of all planes.
func (q *quadric) trace() float64 { return q[0] + q[3] + q[5] }

// at is the error of a point.
func (q *quadric) at(p [3]float64) float64 {
	x, y, z := p[0], p[1], p[2]
	return x*(q[0]*x+2*(q[1]*y+q[2]*z+q[6])) + y*(q[3]*y+2*(q[4]*z+q[7])) + z*(q[5]*z+2*q[8]) + q[9]
}

// least is where the error is least when weight pulls towards near, which keeps it in
// place where the planes leave it open.
func (q *quadric) least(near [3]float64, weight float64) [3]float64 {
	if weight <= 0 {
		return near
	}
	// The gradient at near, from which the step is solved: small numbers keep their digits.
	g := [3]float64{
		q[0]*near[0] + q[1]*near[1] + q[2]*near[2] + q[6],
		q[1]*near[0] + q[3]*near[1] + q[4]*near[2] + q[7],
		q[2]*near[0] + q[4]*near[1] + q[5]*near[2] + q[8],
	}
	a, b, c, d, e, f := q[0]+weight, q[1], q[2], q[3]+weight, q[4], q[5]+weight
	// The inverse of a symmetric matrix by its cofactors.
	aa, ab, ac := d*f-e*e, c*e-b*f, b*e-c*d
	bb, bc, cc := a*f-c*c, b*c-a*e, a*d-b*b
	det := a*aa + b*ab + c*ac
	if det <= 0 {
		return near
	}
	return [3]float64{
		near[0] - (aa*g[0]+ab*g[1]+ac*g[2])/det,
		near[1] - (ab*g[0]+bb*g[1]+bc*g[2])/det,
		near[2] - (ac*g[0]+bc*g[1]+cc*g[2])/det,
	}
}
