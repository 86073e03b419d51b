/** Of the event by which a panel with a model tells that it goes on alone, or no longer does. */
export const ALONE = "bpviz-alone";
