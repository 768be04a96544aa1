mock_provider "aws" {}

variables {
  bucket    = "chirp-site-111122223333"
  directory = "tests/content"
}

run "puts_each_file_with_its_type" {
  command = apply

  assert {
    condition = { for key, object in aws_s3_object.this : key => object.content_type } == {
      "index.html" = "text/html; charset=utf-8"
      "style.css"  = "text/css; charset=utf-8"
    }
    error_message = "Each file must be put with its type."
  }

  assert {
    condition     = alltrue([for object in aws_s3_object.this : object.bucket == "chirp-site-111122223333" && object.cache_control == "public, max-age=300"])
    error_message = "Files must go into the bucket, and be asked for again after five minutes."
  }

  assert {
    condition     = aws_s3_object.this["style.css"].source_hash == filemd5("tests/content/style.css")
    error_message = "A file that changes must be put anew."
  }

  assert {
    condition     = output.keys == tolist(["index.html", "style.css"])
    error_message = "The keys must be given out."
  }
}

run "rejects_a_directory_without_a_first_page" {
  command = plan

  variables {
    directory = "tests/none"
  }

  expect_failures = [var.directory]
}

run "rejects_a_bucket_by_its_arn" {
  command = plan

  variables {
    bucket = "arn:aws:s3:::chirp-site-111122223333"
  }

  expect_failures = [var.bucket]
}
