import { Skeleton } from "@evx/ui";

/** Stands where a page will be while its code comes. */
export const PageSkeleton = () => (
  <div class="mx-auto w-full max-w-6xl px-4 py-6 sm:px-6 lg:px-8 lg:py-8">
    <Skeleton class="h-8 w-64 max-w-full" />
    <div class="mt-8">
      <Skeleton class="h-24 w-full" lines={3} />
    </div>
  </div>
);
