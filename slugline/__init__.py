"""The front door: command line, configuration and the pipeline that joins the packages."""
