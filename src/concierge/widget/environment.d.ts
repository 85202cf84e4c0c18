/** Set when a build is packed: the text on the widget's button, and which version it is. */
declare const AURORA_WIDGET_LABEL: string;
declare const AURORA_WIDGET_VERSION: string;
