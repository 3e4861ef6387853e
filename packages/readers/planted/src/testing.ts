/** What tests of other rooms build of this one. */
export {};
