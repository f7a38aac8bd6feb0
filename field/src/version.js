// The number of this app, told to the server with every request; grows by one with each release.
export const APP = 1;
