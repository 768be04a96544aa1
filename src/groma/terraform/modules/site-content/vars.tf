variable "bucket" {
  description = "Name of the bucket that the files are put into."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.bucket))
    error_message = "bucket must be the name of a bucket, such as \"chirp-site-111122223333\"."
  }
}

variable "directory" {
  description = "Directory with the site's files; each is put under its path below it."
  type        = string
  nullable    = false

  validation {
    condition     = try(fileexists("${var.directory}/index.html"), false)
    error_message = "directory must be a directory with an index.html."
  }
}
