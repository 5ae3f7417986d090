// The tour is asked for from anywhere, and shown by the app above all pages.

export const startTour = (): void => { dispatchEvent(new Event("tour")); };
