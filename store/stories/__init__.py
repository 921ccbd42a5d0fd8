"""Stories: their articles, their days, and what people changed of them."""
