/* Training of a 2-2-1 network from many starts, one run after the other.

   It does what a sweep does: single samples in order, ReLU and then the identity, simultaneous
   updates, and the root mean square error of every epoch. Built with -O3. */

#include <math.h>
#include <stddef.h>

enum { INPUTS = 2, HIDDEN = 2, PARAMETERS = 9 };

void train(int runs, int epochs, int samples, double rate, const double *x, const double *y,
           double *parameters, double *losses) {
    for (int run = 0; run < runs; run++) {
        double *start = parameters + (size_t)run * PARAMETERS;
        double weights_1[HIDDEN][INPUTS], bias_1[HIDDEN], weights_2[HIDDEN], bias_2 = start[8];
        for (int i = 0; i < HIDDEN; i++) {
            for (int j = 0; j < INPUTS; j++) weights_1[i][j] = start[i * INPUTS + j];
            bias_1[i] = start[4 + i];
            weights_2[i] = start[6 + i];
        }
        for (int epoch = 0; epoch < epochs; epoch++) {
            double squares = 0.0;
            for (int sample = 0; sample < samples; sample++) {
                const double *input = x + INPUTS * sample;
                double hidden[HIDDEN], delta[HIDDEN], output = bias_2;
                for (int i = 0; i < HIDDEN; i++) {
                    double a = bias_1[i];
                    for (int j = 0; j < INPUTS; j++) a += weights_1[i][j] * input[j];
                    hidden[i] = a > 0.0 ? a : 0.0;
                    output += weights_2[i] * hidden[i];
                }
                double error = output - y[sample];
                squares += error * error;
                for (int i = 0; i < HIDDEN; i++)
                    delta[i] = hidden[i] > 0.0 ? error * weights_2[i] : 0.0;
                for (int i = 0; i < HIDDEN; i++) {
                    weights_2[i] -= rate * error * hidden[i];
                    for (int j = 0; j < INPUTS; j++) weights_1[i][j] -= rate * delta[i] * input[j];
                    bias_1[i] -= rate * delta[i];
                }
                bias_2 -= rate * error;
            }
            losses[(size_t)epoch * runs + run] = sqrt(squares / samples);
        }
        for (int i = 0; i < HIDDEN; i++) {
            for (int j = 0; j < INPUTS; j++) start[i * INPUTS + j] = weights_1[i][j];
            start[4 + i] = bias_1[i];
            start[6 + i] = weights_2[i];
        }
        start[8] = bias_2;
    }
}
