# Farrington Flexible (Noufaily et al. 2013) of R's surveillance on series that RiskWatch drew.
#   Rscript farrington.R SERIES.csv ALARMS.csv
# SERIES.csv: one row a series: kind (quiet, outbreak), first week judged, last week judged, 624 counts.
# ALARMS.csv: one row a series: number of weeks judged, number of alarms.
arguments <- commandArgs(trailingOnly = TRUE)
suppressMessages({
  library(surveillance)
  library(parallel)
})
rows <- strsplit(readLines(arguments[1]), ",")
judge <- function(row) {
  weeks <- as.integer(row[2]):as.integer(row[3])
  counts <- as.integer(row[-(1:3)])
  series <- sts(observed = matrix(counts, ncol = 1), start = c(2000, 1), frequency = 52)
  control <- list(range = weeks, noPeriods = 10, b = 5, w = 3, weightsThreshold = 2.58, pastWeeksNotIncluded = 26,
                  pThresholdTrend = 1, thresholdMethod = "nbPlugin", alpha = 0.01, glmWarnings = FALSE)
  found <- suppressWarnings(farringtonFlexible(series, control))
  sum(alarms(found), na.rm = TRUE)
}
found <- unlist(mclapply(rows, judge, mc.cores = 2))
writeLines(sprintf("%d,%d", sapply(rows, function(row) as.integer(row[3]) - as.integer(row[2]) + 1L), as.integer(found)), arguments[2])
cat(as.character(packageVersion("surveillance")), "\n")
