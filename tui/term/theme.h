/*
 * Styles: what text means, and how a terminal with 256, 8 or no colours shows
 * it. A style never carries meaning alone: a word or symbol stands beside it.
 */
#ifndef HF_TERM_THEME_H
#define HF_TERM_THEME_H

enum hf_style {
    HF_STYLE_PLAIN,
    HF_STYLE_DIM,
    HF_STYLE_STRONG,
    HF_STYLE_HEAD, /* column heads, titles */
    HF_STYLE_GOOD,
    HF_STYLE_BUSY,
    HF_STYLE_WARN,
    HF_STYLE_BAD,
    HF_STYLE_CURSOR, /* the row the keys act on */
    HF_STYLE_LABEL,  /* names in the line of F-keys, the open tab */
    HF_STYLE_FIELD,  /* an input field */
    HF_STYLE_COUNT
};

/* After start_color: sets up what the terminal can do. */
void hf_theme_setup(int no_color);
/* For attr_set: attributes, and the colour pair in *pair. */
unsigned hf_theme_attrs(enum hf_style style, short *pair);

#endif
